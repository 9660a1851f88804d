//! Socket options: one table, from which everything about them is made.
//!
//! Each option is a type of its own in [`opt`], that knows the type of its value, whether it can be
//! read and set, and which sockets take it. What a socket does not take does not compile.
//!
//! ```
//! use libzmq::prelude::*;
//! use std::time::Duration;
//!
//! # fn main() -> Result<(), anyhow::Error> {
//! let client = ClientBuilder::new()
//!     .tcp_keepalive(true)
//!     .option(opt::TcpKeepaliveIdle, Duration::from_secs(60))
//!     .build()?;
//!
//! assert_eq!(client.get(opt::TcpKeepaliveIdle)?, Some(Duration::from_secs(60)));
//! client.set(opt::Linger, Duration::ZERO)?;
//! #     Ok(())
//! # }
//! ```
//!
//! An option that counts only before the first `bind` or `connect` can be given to a builder, and
//! not to a socket:
//!
//! ```compile_fail
//! use libzmq::prelude::*;
//!
//! let client = Client::new().unwrap();
//! client.set(opt::SendHwm, 10).unwrap();
//! ```
//!
//! An option of another socket's is not taken at all:
//!
//! ```compile_fail
//! use libzmq::prelude::*;
//!
//! ClientBuilder::new().option(opt::DisconnectMessage, "bye");
//! ```
//!
//! Generic code asks for what it needs:
//!
//! ```
//! use libzmq::{option::{Settable, TakenBy}, prelude::*};
//!
//! fn reset<S: Socket, O: Settable + TakenBy<S>>(socket: &S, option: O, value: O::Value) -> Result<(), libzmq::Error> {
//!     socket.set(option, value)
//! }
//!
//! # fn main() -> Result<(), anyhow::Error> {
//! reset(&Pull::new()?, opt::Backlog, 200)?;
//! #     Ok(())
//! # }
//! ```
//!
//! What has no type here is reached by C's numbers, through [`RawOption`].
//!
//! What C writes as 0 or -1 has one form each:
//!
//! | meaning | value | in a configuration file |
//! |:---|:---|:---|
//! | for ever | [`Infinite`](crate::Infinite) | `"infinite"` |
//! | off, never, no limit of size | `None` | `"none"` |
//! | the system's own choice | `None` | `"none"` |
//! | no limit of messages | [`HighWaterMark::UNLIMITED`] | `0` |
//!
//! No option has both an "off" and a choice of the system: its page says which of them `None` is.
//!
//! Options that only affect connections (most do) affect those that are made after they are set.

mod bounds;
pub(crate) mod codec;
#[cfg(feature = "serde")]
pub(crate) mod file;
pub mod opt;
#[cfg(feature = "serde")]
mod period;
mod rows;
mod table;
mod value;

pub use value::{
    GssapiNameType, HighWaterMark, NormCongestionControl, ReconnectStop, RouterNotify,
};

pub use crate::raw::RawOption;

pub(crate) use rows::{ROWS, Row, Show};
pub(crate) use table::option_table;

use libc::c_int;

#[cfg(feature = "serde")]
use crate::socket::kind::Kind;

/// Implemented by the options of [`opt`], and by nothing else.
pub trait SocketOption: sealed::Row {
    /// What is read and set.
    type Value;

    /// The option's name here: the name of its method on the builder, and its key in a
    /// configuration file.
    const NAME: &'static str;

    /// Turns a value into what C takes, or says why it is refused.
    #[doc(hidden)]
    fn encode(value: &Self::Value) -> Result<Vec<u8>, &'static str>;

    /// Turns what C gives into a value.
    #[doc(hidden)]
    fn decode(bytes: &[u8]) -> Option<Self::Value>;
}

/// An option that can be read from a socket.
pub trait Gettable: SocketOption {}

/// An option that can be set on a socket at any time.
pub trait Settable: SocketOption {}

/// An option that can be given to a builder: each that can be set, and those that count only before
/// the first `bind` or `connect`.
pub trait Buildable: SocketOption {}

/// An option that sockets of the type `S` take.
pub trait TakenBy<S>: SocketOption {}

pub(crate) mod sealed {
    use libc::c_int;

    use crate::raw::Size;

    pub trait Row {
        const ID: c_int;
        const SIZE: Size;
        /// What an error calls reading the option.
        const GET: &'static str;
        /// What an error calls setting the option.
        const SET: &'static str;
    }
}

/// Which sockets take an option, as the table says it.
#[cfg(feature = "serde")]
pub(crate) type Takers = fn(&Kind) -> bool;

/// The option's number in C.
pub(crate) const fn id(constant: u32) -> c_int {
    constant as c_int
}
