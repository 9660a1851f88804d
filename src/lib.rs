//! ZeroMQ for Rust: whole, safe and fast.
//!
//! This crate is libzmq 4.3.5 with its draft API, compiled from source and with its known faults
//! mended, behind types that know what each socket can do. It speaks to every ZeroMQ deployment,
//! because it is ZeroMQ.
//!
//! ```
//! use libzmq::prelude::*;
//!
//! # fn main() -> Result<(), anyhow::Error> {
//! // A server, at a port that the system chooses.
//! let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build()?;
//!
//! // A client of it.
//! let client = ClientBuilder::new().connect(server.last_endpoint()?).build()?;
//!
//! client.send("what is the answer?")?;
//!
//! let request = server.recv_msg()?;
//! server.route("42", request.routing_id().unwrap())?;
//!
//! assert_eq!(client.recv_msg()?, "42");
//! #     Ok(())
//! # }
//! ```
//!
//! # Sockets
//! | Pattern | Types | Threads share them |
//! |:---|:---|:---|
//! | [Client-server](https://rfc.zeromq.org/spec/41/) | [`Client`], [`Server`] | yes |
//! | [Radio-dish](https://rfc.zeromq.org/spec/48/) | [`Radio`], [`Dish`] | yes |
//! | [Scatter-gather](https://rfc.zeromq.org/spec/49/) | [`Scatter`], [`Gather`] | yes |
//! | [Peer-to-peer](https://rfc.zeromq.org/spec/51/) | [`Peer`] | yes |
//! | [Channel](https://rfc.zeromq.org/spec/52/) | [`Channel`] | yes |
//! | [Publish-subscribe](https://rfc.zeromq.org/spec/29/) | [`Pub`], [`Sub`], [`XPub`], [`XSub`] | no |
//! | [Pipeline](https://rfc.zeromq.org/spec/30/) | [`Push`], [`Pull`] | no |
//! | [Exclusive pair](https://rfc.zeromq.org/spec/31/) | [`Pair`] | no |
//! | [Request-reply](https://rfc.zeromq.org/spec/28/) | [`Req`], [`Rep`], [`Dealer`], [`Router`] | no |
//! | Native: tcp without ZeroMQ's protocol | [`Stream`] | no |
//! | Native: udp datagrams | [`Dgram`] | no |
//!
//! A type that threads share is `Send`, `Sync` and `Clone`: many threads send and receive on one
//! socket at once without a lock around it. A clone is the same socket, which closes with the last
//! clone. Its messages have one part.
//!
//! The others are `Send` only: one thread at a time has such a socket, and may hand it on. Their
//! messages have one part or several, which travel together as a [`Multipart`].
//!
//! # Where to look
//! - [`prelude`]: what ordinary programs import, the traits [`Socket`](prelude::Socket),
//!   [`SendMsg`](prelude::SendMsg) and [`RecvMsg`](prelude::RecvMsg) among it
//! - [`Builder`]: how sockets are made, and the file format of their configuration
//! - [`Msg`]: messages; [`addr`]: endpoints; [`option`]: every option
//! - [`Ctx`]: what sockets live in, and how a program ends well
//! - [`Error`]: errors, which give back what was not sent
//! - [`auth`]: who may connect
//! - [`monitor`]: what happens to the connections of a socket
//! - [`poll`]: waiting for many sockets at once; [`Proxy`]: passing messages between two;
//!   [`ServerProxy`]: between many clients and the servers behind
//! - [`has`]: what this libzmq can do; [`c_api`]: where each name of `zmq.h` is here
//!
//! # Defaults that differ from C
//! | | here | in C | why |
//! |:---|:---|:---|:---|
//! | [`Linger`](opt::Linger) | 30 seconds | for ever | what was sent is flushed, and nothing hangs |
//! | [`Ipv6`](opt::Ipv6) | on | off | IPv4 goes on working beside it |
//! | [`MaxMsgSize`](opt::MaxMsgSize) | 1 GiB | no limit | a peer must not make the process take all memory |
//! | [`ZapEnforceDomain`](opt::ZapEnforceDomain) | on with a mechanism | off | without an authentication handler nobody is let in |
//!
//! # Thousands of peers
//! Each connection takes a file descriptor, so the process must be allowed enough of them (`ulimit
//! -n`). The system lets 100 peers wait to be accepted; where more come at once, the others come
//! again a second later or more, unless [`Backlog`](opt::Backlog) is larger. High water marks count
//! for each peer, so a full queue for each may be more than there is memory: see
//! [`SendHwm`](opt::SendHwm) and [`RecvHwm`](opt::RecvHwm). A context has 1023 sockets at most,
//! unless [`CtxBuilder::max_sockets`] allows more.
//!
//! # Ending
//! Dropping a socket does not wait: what was sent leaves in the background. A program that sends
//! and then ends calls [`Ctx::terminate_global`], or [`Ctx::terminate`] for a context of its own,
//! to wait for that. [`Ctx::shutdown`] wakes every thread that is blocked in a call on one of the
//! context's sockets, and no call succeeds after it.
//!
//! A service ends well in three steps: [`stop_receiving`](prelude::Receives::stop_receiving), or a
//! [`Stopper`] from another thread, ends the calls that receive; the service sends its last replies;
//! then it drops its sockets. The example `worker_pool` shows it.
//!
//! # Waiting
//! A call blocks as long as the socket's timeout allows, which is for ever by default. A call whose
//! name ends with `_timeout` has a limit of its own, one whose name begins with `try_` does not
//! block. [`Error::is_timeout`], [`Error::is_would_block`] and [`Error::is_shutdown`] tell the ends
//! of a wait apart.
//!
//! # Features
//! | Feature | What it adds |
//! |:---|:---|
//! | `bytes` | messages from and to `bytes::Bytes` without a copy |
//! | `serde` | a builder is a configuration file |
//! | `tokio` | `Async`: any socket in a tokio runtime |
//! | `async-io` | `Async`: any socket in any other runtime |
//! | `curve` | CURVE encryption and authentication, with libsodium |
//! | `wss` | WebSocket over TLS, with GnuTLS |
//! | `system` | links the system's libzmq |

#![deny(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod addr;
#[cfg(any(feature = "tokio", feature = "async-io"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "tokio", feature = "async-io"))))]
pub mod aio;
pub mod auth;
pub mod c_api;
mod compat;
mod ctx;
mod error;
mod message;
pub mod monitor;
pub mod option;
pub mod poll;
pub mod prelude;
mod proxy;
#[allow(unsafe_code, reason = "the one module that calls C")]
mod raw;
mod socket;
mod util;

pub use addr::{
    EpgmAddr, INPROC_MAX_SIZE, InprocAddr, IpcAddr, NormAddr, PgmAddr, TcpAddr, TipcAddr, UdpAddr,
    VmciAddr, WsAddr, WssAddr,
};
#[cfg(any(feature = "tokio", feature = "async-io"))]
pub use aio::Async;
pub use compat::config;
pub use ctx::{Ctx, CtxBuilder, CtxHandle};
pub use error::{Error, ErrorKind};
pub use message::{
    Group, GroupParseError, GroupSlice, Identity, MAX_GROUP_SIZE, Msg, Multipart, RoutingId,
};
pub use option::{
    GssapiNameType, HighWaterMark, NormCongestionControl, ReconnectStop, RouterNotify, opt,
};
pub use proxy::{Joins, Proxy, ProxyEnd, ProxyHandle, ServerProxy, Statistics, Traffic, proxy};
pub use socket::builder::Builder;
pub use socket::heartbeat::Heartbeat;
pub use socket::{SocketType, Stopper, Subscription, Topic};
pub use util::{
    Capability, OneOrMany,
    Period::{self, Finite, Infinite},
    has, z85,
};

macro_rules! export {
    ($($module:ident: $name:ident $builder:ident $config:ident = $constant:ident;)*) => {
        $(pub use socket::{$name, $builder};)*
    };
}

socket::socket_types!(export);

/// The version of libzmq: major, minor, patch.
///
/// ```
/// assert_eq!(libzmq::version().0, 4);
/// ```
///
/// # C API
/// `zmq_version`
#[doc(alias = "zmq_version")]
#[doc(alias = "ZMQ_VERSION")]
#[doc(alias = "ZMQ_VERSION_MAJOR")]
#[doc(alias = "ZMQ_VERSION_MINOR")]
#[doc(alias = "ZMQ_VERSION_PATCH")]
pub fn version() -> (i32, i32, i32) {
    raw::version()
}
