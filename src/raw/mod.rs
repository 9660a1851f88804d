//! All unsafe code: the owners of libzmq's pointers, and the calls of C.
//!
//! No other module has a C pointer or `unsafe`. The functions here are safe to call and return an
//! [`Errno`]. Most make one C call and repeat it after a signal. The others guarantee what C
//! requires of its callers:
//!
//! | Files | Guarantee |
//! |:---|:---|
//! | `context`, `exit`, `closing` | a context outlives its sockets; the exit waits for them |
//! | `socket/`, `open` | a socket is closed once, after the last call on it, and is counted |
//! | `os/fork` | a forked child does not use its parent's contexts and sockets |
//! | `owners` | the owner of a message's bytes is not dropped inside a C call |
//! | `limit`, `wait`, `stop` | a call returns at its timeout, after a shutdown, and when stopped |
//! | `many` | only messages that C has initialised are used |
//! | `multipart`, `new_subscriber` | a multipart message is sent whole or not at all |
//! | `bundle`, `watched`, `poller`, `os/signaler` | no change of a socket's readiness is missed |
//! | `group`, `message`, `monitor`, `options`, `utility`, `errno` | lengths and types are right |
//! | `os/descriptor`, `os/scheduling` | file descriptors and threads of the system are valid |

mod at_once;
mod bundle;
#[cfg(feature = "service")]
mod closing;
mod context;
mod errno;
mod exit;
mod group;
mod limit;
mod many;
mod message;
mod monitor;
mod multipart;
mod new_subscriber;
mod open;
mod options;
mod os;
mod owners;
mod poller;
mod socket;
mod spin;
mod stop;
mod utility;
mod wait;
#[cfg(any(feature = "tokio", feature = "async-io"))]
mod watched;

#[cfg(any(feature = "tokio", feature = "async-io"))]
pub(crate) use at_once::NotDone;
pub(crate) use bundle::Bundle;
#[cfg(feature = "service")]
pub(crate) use closing::{ClosesAtExit, Closing};
pub use context::Context;
pub(crate) use context::ContextOption;
pub use errno::Errno;
pub use group::GroupSlice;
pub(crate) use limit::Wait;
pub(crate) use message::{INLINE, Message};
pub(crate) use monitor::COUNTS_LOST_EVENTS;
pub(crate) use options::int;
pub use options::{RawOption, Size};
pub use os::descriptor::AsDescriptor;
pub(crate) use os::descriptor::{OwnedDescriptor, descriptor};
pub(crate) use os::fork::{GENERATIONS, PerProcess};
pub(crate) use os::scheduling::{allowed_cpu, allowed_policy};
#[cfg(any(feature = "tokio", feature = "async-io"))]
pub(crate) use os::signaler::Signaler;
pub(crate) use owners::{DeferDrops, contained};
pub(crate) use poller::{Poller, Source};
pub(crate) use socket::DISCONNECTS_PEERS;
pub use socket::{Exclusive, HasRaw, Shared, Socket};
pub(crate) use stop::{STOPS_RECEIVING, Stop};
#[cfg(any(zmq_has = "curve", docsrs))]
pub(crate) use utility::{curve_keypair, curve_public};
pub(crate) use utility::{has, version};
#[cfg(any(feature = "tokio", feature = "async-io"))]
pub(crate) use watched::{Readiness, Watched};
