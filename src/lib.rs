//! ZeroMQ for Rust: every socket type of libzmq, typed, thread-safe where ZeroMQ is, blocking and
//! async.
//!
//! The crate compiles libzmq 4.3.5 with its draft API from source, with fixes for known bugs, and
//! wraps it in types that have only the methods of their socket. It is interoperable with every
//! other ZeroMQ program, since it is libzmq underneath.
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
//! | Pattern | Types | Thread-safe |
//! |:---|:---|:---|
//! | [Client-server] | [`Client`], [`Server`] | yes |
//! | [Radio-dish] | [`Radio`], [`Dish`] | yes |
//! | [Scatter-gather] | [`Scatter`], [`Gather`] | yes |
//! | [Peer-to-peer] | [`Peer`] | yes |
//! | [Channel](https://rfc.zeromq.org/spec/52/) | [`Channel`] | yes |
//! | [Publish-subscribe] | [`Pub`], [`Sub`], [`XPub`], [`XSub`] | no |
//! | [Pipeline] | [`Push`], [`Pull`] | no |
//! | [Exclusive pair] | [`Pair`] | no |
//! | [Request-reply] | [`Req`], [`Rep`], [`Dealer`], [`Router`] | no |
//! | Native: tcp without ZeroMQ's protocol | [`Stream`] | no |
//! | Native: udp datagrams | [`Dgram`] | no |
//!
//! **Thread-safe sockets** are `Send`, `Sync` and `Clone`. Many threads can send and receive on one
//! socket at the same time, without a lock around it. A clone is the same socket, which closes when
//! the last clone is dropped. Their messages have a single frame.
//!
//! **Single-threaded sockets** are `Send`, but neither `Sync` nor `Clone`. They can move to another
//! thread. Their messages have one frame or several: see [`Multipart`].
//!
//! The page of each socket type says when to choose it, when it blocks and when it drops messages.
//!
//! [Client-server]: https://rfc.zeromq.org/spec/41/
//! [Exclusive pair]: https://rfc.zeromq.org/spec/31/
//! [Peer-to-peer]: https://rfc.zeromq.org/spec/51/
//! [Pipeline]: https://rfc.zeromq.org/spec/30/
//! [Publish-subscribe]: https://rfc.zeromq.org/spec/29/
//! [Radio-dish]: https://rfc.zeromq.org/spec/48/
//! [Request-reply]: https://rfc.zeromq.org/spec/28/
//! [Scatter-gather]: https://rfc.zeromq.org/spec/49/
//!
//! # Where to look
//! | Task | Item |
//! |:---|:---|
//! | Learn how to build programs, and find out why nothing arrives | [`guide`] |
//! | Import the traits with `send`, `recv_msg`, `bind` ... | [`prelude`] |
//! | Create and configure a socket | [`Builder`], [`option`] |
//! | Messages | [`Msg`], [`Multipart`] |
//! | Endpoints | [`addr`] |
//! | Contexts, and ending a program | [`Ctx`] |
//! | Errors | [`Error`], [`ErrorKind`] |
//! | Authentication and encryption | [`auth`] |
//! | Connection events | [`monitor`] |
//! | Wait for many sockets | [`poll`] |
//! | Forward messages between sockets | [`Proxy`], [`ServerProxy`] |
//! | Serve many clients, with events, queues and handlers | module `service` (feature `service`) |
//! | What this libzmq was built with | [`has`] |
//! | Find a name of `zmq.h` | [`c_api`] |
//!
//! # Blocking
//! A call blocks at most for the timeout of the socket, which is infinite by default. A method
//! whose name ends with `_timeout` takes a limit for this call. A method whose name begins with
//! `try_` does not block. [`Error::is_timeout`], [`Error::is_would_block`] and
//! [`Error::is_shutdown`] tell why a call returned without a result.
//!
//! # Async
//! With the feature `tokio` or `async-io`, `Async::new(socket)` makes any socket async: its methods
//! have the same names, and are cancel safe. It also converts sockets into streams and sinks. See
//! the module `aio`.
//!
//! # Ending a program
//! Dropping a socket does not block. I/O threads send the queued messages in the background, for at
//! most the period of [`Linger`](opt::Linger). [`Ctx::terminate_global`] (or [`Ctx::terminate`] for
//! a context of your own) blocks until they are sent. A normal end of the process waits for them
//! too. [`Ctx::shutdown`] makes all calls on the sockets of a context return
//! [`InvalidCtx`](ErrorKind::InvalidCtx), those that threads are blocked in and later ones.
//!
//! To end a service without losing replies:
//! 1. [`stop_receiving`](prelude::Receives::stop_receiving), or a [`Stopper`] from another thread,
//!    makes the calls that receive return [`Stopped`](ErrorKind::Stopped).
//! 2. The service sends its last replies.
//! 3. It drops its sockets.
//!
//! # Defaults that differ from C
//! | Option | Here | C | Reason |
//! |:---|:---|:---|:---|
//! | [`Linger`](opt::Linger) | 30 s | infinite | queued messages are sent, and no program hangs |
//! | [`Ipv6`](opt::Ipv6) | on | off | IPv4 works as well |
//! | [`MaxMsgSize`](opt::MaxMsgSize) | 1 GiB | no limit | limits what a peer can make us allocate |
//! | [`ZapEnforceDomain`] | on with a mechanism | off | without a handler, no peer is accepted |
//!
//! [`ZapEnforceDomain`]: opt::ZapEnforceDomain
//!
//! # Thousands of peers
//! - Each connection needs a file descriptor: raise the limit of the process (`ulimit -n`).
//! - The kernel queues 100 connections that are not accepted yet. If more arrive at once, the
//!   others reconnect a second later or more. [`Backlog`](opt::Backlog) raises that number.
//! - High water marks apply to each peer. Full queues of all peers can exceed the memory: see
//!   [`SendHwm`](opt::SendHwm) and [`RecvHwm`](opt::RecvHwm).
//! - A context has at most 1023 sockets. [`CtxBuilder::max_sockets`] raises that number.
//!
//! # Features
//! | Feature | What it adds |
//! |:---|:---|
//! | `bytes` | conversions between messages and `bytes::Bytes` without a copy |
//! | `serde` | configuration files: builders can be serialized and deserialized |
//! | `tokio` | `Async`: any socket in a tokio runtime |
//! | `async-io` | `Async`: any socket in any other runtime |
//! | `service` | the module `service`: a server that tracks its clients, and a requester |
//! | `tracing` | spans and events of the crate `tracing` |
//! | `curve` | the mechanism CURVE: encryption and authentication |
//! | `libsodium` | the same, with libsodium instead of the crate `dryoc` |
//! | `wss` | the transport wss: WebSocket over TLS, with GnuTLS |
//! | `system` | links the system's libzmq instead of compiling one |

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
pub mod guide;
mod message;
pub mod monitor;
pub mod option;
pub mod poll;
pub mod prelude;
mod proxy;
#[allow(unsafe_code, reason = "the one module that calls C")]
mod raw;
#[cfg(feature = "service")]
#[cfg_attr(docsrs, doc(cfg(feature = "service")))]
pub mod service;
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
pub use socket::send::Unsent;
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

/// Returns the version of libzmq: major, minor, patch.
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
