//! Requests with replies, timeouts and retries.

mod ask;
mod asking;
mod builder;
mod connection;
mod settings;
mod table;

pub use ask::{Requester, RequesterStats};
pub use asking::Asking;
pub use builder::RequesterBuilder;
pub use settings::{Delivery, Matching};

#[cfg(doc)]
use super::Service;
