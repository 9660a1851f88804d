//! The names that most programs need: `use libzmq::prelude::*`.
//!
//! It has the traits with the methods of the sockets, the socket types and their builders,
//! messages, contexts, options, and the kinds of error.
//!
//! Names that often collide with those of other crates are left out: write `libzmq::Error`,
//! `libzmq::Stream`, `libzmq::Pair`. So `Box<dyn Error>` and `impl Stream` keep their meaning:
//!
//! ```
//! use futures::prelude::*;
//! use libzmq::prelude::*;
//! use std::error::Error;
//!
//! fn numbers() -> impl Stream<Item = u32> {
//!     stream::iter([1, 2, 3])
//! }
//!
//! fn main() -> Result<(), Box<dyn Error>> {
//!     let pair = libzmq::Pair::new()?;
//!     pair.bind("inproc://names")?;
//!     # let _ = numbers();
//!     Ok(())
//! }
//! ```
//!
//! Import further items by name, or all of them as with 0.2: `use libzmq::{prelude::*, *}`. The
//! modules [`poll`](crate::poll) (`READABLE`, `PollId`, `Events`), [`monitor`](crate::monitor) and
//! [`auth`](crate::auth) are imported beside the prelude: `use libzmq::{poll::*, prelude::*}`.

pub use std::convert::{TryFrom, TryInto};

#[cfg(any(feature = "tokio", feature = "async-io"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "tokio", feature = "async-io"))))]
pub use crate::aio::Async;
pub use crate::{
    addr::{InprocAddr, IpcAddr, TcpAddr, UdpAddr},
    compat::{BuildHeartbeating, BuildRecv, BuildSend, BuildSocket},
    ctx::{Ctx, CtxBuilder, CtxHandle},
    error::ErrorKind,
    message::{Group, Identity, Msg, Multipart, RoutingId},
    monitor::Monitored,
    option::{HighWaterMark, opt},
    proxy::{Proxy, ProxyHandle, ServerProxy},
    socket::{
        Channel, ChannelBuilder, Client, ClientBuilder, Dealer, DealerBuilder, Dgram, DgramBuilder,
        Dish, DishBuilder, Gather, GatherBuilder, PairBuilder, Peer, PeerBuilder, Pub, PubBuilder,
        Pull, PullBuilder, Push, PushBuilder, Radio, RadioBuilder, Rep, RepBuilder, Req,
        ReqBuilder, Router, RouterBuilder, Scatter, ScatterBuilder, Server, ServerBuilder, Socket,
        Stopper, StreamBuilder, Sub, SubBuilder, Subscribes, Subscription, XPub, XPubBuilder, XSub,
        XSubBuilder,
        heartbeat::{Heartbeat, Heartbeating},
        recv::{Receives, RecvMsg, RecvMultipart},
        send::{SendMsg, SendMultipart, Sends},
    },
    util::Period::{self, Finite, Infinite},
};
