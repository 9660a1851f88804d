//! The guide: from two programs that talk to a deployment that is observed.
//!
//! Documentation only. Read [Getting started](getting_started) and [Which
//! socket?](which_socket) first; each other chapter stands alone. Every block of code is tested.
//! The programs in the folder `examples` of the repository show the larger patterns whole.
//!
//! | Chapter | Questions that it answers |
//! |:---|:---|
//! | [Getting started](getting_started) | How do programs, threads and tasks exchange messages? |
//! | [Which socket?](which_socket) | Which socket types suit my problem? Which drop messages? |
//! | [Messages](messages) | What is a frame, an envelope, a routing id? Which calls copy? |
//! | [Connections](connections) | When does a connection exist? How does a program end well? |
//! | [Waiting](waiting) | How long does a call block? How do I wait for many sockets? |
//! | [Reliable request-reply](reliable_request_reply) | How do I survive lost messages? Serve many clients? |
//! | [Reliable publish-subscribe](reliable_publish_subscribe) | How do I recover missed messages? |
//! | [Many peers](many_peers) | How do peers find each other? How do I scale? |
//! | [Security](security) | How do I authenticate peers and encrypt traffic? |
//! | [Deployment](deployment) | How do I build for another system? How do I read a configuration file? |
//! | [Performance](performance) | What does an operation cost, and how do I measure it? |
//! | [Observing](observing) | What should a service log? |
//! | [Troubleshooting](troubleshooting) | Why does nothing arrive? |
//! | [Coming from](coming_from) | What is my call of C, `zmq`, `tmq`, pyzmq or zeromq.js here? |

// The chapters link to items that some features add.
#![cfg_attr(
    not(all(feature = "service", feature = "tracing")),
    allow(rustdoc::broken_intra_doc_links)
)]

#[doc = include_str!("getting_started.md")]
pub mod getting_started {}

#[doc = include_str!("which_socket.md")]
///
/// # Pictures
///
/// ## Client-server
///
#[doc = include_str!("../../docs/pictures/client_server.svg")]
///
/// ## Radio-dish
///
#[doc = include_str!("../../docs/pictures/radio_dish.svg")]
///
/// ## Scatter-gather
///
#[doc = include_str!("../../docs/pictures/scatter_gather.svg")]
///
/// ## Peer
///
#[doc = include_str!("../../docs/pictures/peer.svg")]
///
/// ## Channel
///
#[doc = include_str!("../../docs/pictures/channel.svg")]
///
/// ## Publish-subscribe
///
#[doc = include_str!("../../docs/pictures/publish_subscribe.svg")]
///
/// ## Pipeline
///
#[doc = include_str!("../../docs/pictures/pipeline.svg")]
///
/// ## Request-reply
///
#[doc = include_str!("../../docs/pictures/request_reply.svg")]
///
/// ## Native
///
#[doc = include_str!("../../docs/pictures/native.svg")]
pub mod which_socket {}

#[doc = include_str!("messages.md")]
#[doc = include_str!("../../docs/pictures/envelope.svg")]
///
#[doc = include_str!("../../docs/pictures/routing_ids.svg")]
pub mod messages {}

#[doc = include_str!("connections.md")]
///
/// # Pictures
///
/// ## High water marks
///
#[doc = include_str!("../../docs/pictures/high_water_mark.svg")]
///
/// ## Linger
///
#[doc = include_str!("../../docs/pictures/linger.svg")]
pub mod connections {}

#[doc = include_str!("waiting.md")]
#[doc = include_str!("../../docs/pictures/async_socket.svg")]
pub mod waiting {}

#[doc = include_str!("reliable_request_reply.md")]
pub mod reliable_request_reply {}

#[doc = include_str!("reliable_publish_subscribe.md")]
#[doc = include_str!("../../docs/pictures/proxy.svg")]
pub mod reliable_publish_subscribe {}

#[doc = include_str!("many_peers.md")]
pub mod many_peers {}

#[doc = include_str!("security.md")]
pub mod security {}

#[doc = include_str!("deployment.md")]
pub mod deployment {}

#[doc = include_str!("performance.md")]
pub mod performance {}

#[doc = include_str!("observing.md")]
pub mod observing {}

#[doc = include_str!("troubleshooting.md")]
pub mod troubleshooting {}

#[doc = include_str!("coming_from.md")]
pub mod coming_from {}
