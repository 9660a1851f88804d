//! What has nothing to do with sockets.

mod capability;
mod once;
mod period;
pub mod z85;

pub use capability::{Capability, has};
pub(crate) use once::once;
pub use period::Period;
