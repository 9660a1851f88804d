//! Socket options.
//!
//! Each option is a type in the module [`opt`]. Its page says what it does, the default, and which
//! socket types accept it. The compiler rejects an option that a socket type does not accept, and a
//! value of the wrong type.
//!
//! | Task | Call |
//! |:---|:---|
//! | Set while building | the builder's method with the option's name, or [`Builder::option`] |
//! | Set on a socket | [`Socket::set`] |
//! | Read | [`Socket::get`] |
//! | Use an option without a type here | [`RawOption`], [`Socket::set_raw`], [`Socket::get_raw`] |
//!
//! [`Builder::option`]: crate::Builder::option
//! [`Socket::get`]: crate::prelude::Socket::get
//! [`Socket::get_raw`]: crate::prelude::Socket::get_raw
//! [`Socket::set`]: crate::prelude::Socket::set
//! [`Socket::set_raw`]: crate::prelude::Socket::set_raw
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
//! # When an option takes effect
//! Most options apply to connections that are made after they were set. Timeouts and options of
//! routing apply at once. An option that must be set before the first `bind` or `connect` can be
//! set in a builder, but not on a socket:
//!
//! ```compile_fail
//! use libzmq::prelude::*;
//!
//! let client = Client::new().unwrap();
//! client.set(opt::SendHwm, 10).unwrap();
//! ```
//!
//! # Options of other socket types
//! They do not compile:
//!
//! ```compile_fail
//! use libzmq::prelude::*;
//!
//! ClientBuilder::new().option(opt::DisconnectMessage, "bye");
//! ```
//!
//! Generic code names the traits that it needs:
//!
//! ```
//! use libzmq::{
//!     Error,
//!     option::{Settable, TakenBy},
//!     prelude::*,
//! };
//!
//! fn reset<S, O>(socket: &S, option: O, value: O::Value) -> Result<(), Error>
//! where
//!     S: Socket,
//!     O: Settable + TakenBy<S>,
//! {
//!     socket.set(option, value)
//! }
//!
//! # fn main() -> Result<(), anyhow::Error> {
//! reset(&Pull::new()?, opt::Backlog, 200)?;
//! #     Ok(())
//! # }
//! ```
//!
//! # Special values
//! C writes these values as 0 or -1, depending on the option:
//!
//! | Meaning | Value | In a configuration file |
//! |:---|:---|:---|
//! | infinite | [`Infinite`](crate::Infinite) | `"infinite"` |
//! | off, never, no limit of size | `None` | `"none"` |
//! | the system chooses | `None` | `"none"` |
//! | no limit of messages | [`HighWaterMark::UNLIMITED`] | `0` |
//!
//! The page of each option says what `None` means.

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

/// A socket option. Implemented by the types of [`opt`] only.
pub trait SocketOption: sealed::Row {
    /// The type of the option's value.
    type Value;

    /// The option's name: that of the builder's method, and the key in a configuration file.
    const NAME: &'static str;

    /// Converts a value into the bytes that C takes, or returns why the value is refused.
    #[doc(hidden)]
    fn encode(value: &Self::Value) -> Result<Vec<u8>, &'static str>;

    /// Converts bytes from C into a value.
    #[doc(hidden)]
    fn decode(bytes: &[u8]) -> Option<Self::Value>;
}

/// An option that can be read from a socket.
pub trait Gettable: SocketOption {}

/// An option that can be set on a socket at any time.
pub trait Settable: SocketOption {}

/// An option that can be set in a builder: all that can be set on a socket, and those that must be
/// set before the first `bind` or `connect`.
pub trait Buildable: SocketOption {}

/// An option that sockets of the type `S` accept.
pub trait TakenBy<S>: SocketOption {}

pub(crate) mod sealed {
    use libc::c_int;

    use crate::raw::Size;

    pub trait Row {
        const ID: c_int;
        const SIZE: Size;
        /// The operation in the error of reading the option.
        const GET: &'static str;
        /// The operation in the error of setting the option.
        const SET: &'static str;
    }
}

/// Whether sockets of a type accept an option.
#[cfg(feature = "serde")]
pub(crate) type Takers = fn(&Kind) -> bool;

/// Converts a C constant into the number of an option.
pub(crate) const fn id(constant: u32) -> c_int {
    constant as c_int
}
