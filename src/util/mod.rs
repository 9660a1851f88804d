//! Items that do not depend on sockets: periods, Z85, capabilities, lists of arguments.

mod capability;
pub(crate) mod log;
mod one_or_many;
mod period;
pub mod z85;

pub use capability::{Capability, has};
pub use one_or_many::{One, OneOrMany};
pub(crate) use one_or_many::{itself, one};
pub use period::Period;
