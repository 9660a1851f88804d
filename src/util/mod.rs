//! What has nothing to do with sockets.

mod capability;
mod one_or_many;
mod period;
pub mod z85;

pub use capability::{Capability, has};
pub use one_or_many::{One, OneOrMany};
pub(crate) use one_or_many::{itself, one};
pub use period::Period;
