//! A managed server that knows its clients, keeps queues for each of them, and reports when clients
//! join and leave.
//!
//! A [`Service`] runs on a [`Server`](crate::Server) or a [`Router`](crate::Router) socket. Its
//! engine, one future, moves messages between the socket and the queues of the clients. Programs
//! use the service through a [`ServiceHandle`], from any task and any thread.
//!
//! | To | use |
//! |:---|:---|
//! | answer requests | [`Service::serve`] with an `async` handler |
//! | see clients join, send and leave | [`ServiceHandle::events`], [`Event`] |
//! | send to a client at any time | [`ServiceHandle::send`], [`try_send`], [`broadcast`] |
//! | receive the messages of one client only | [`ServiceHandle::recv_from`] |
//! | work without a runtime | [`Service::spawn`], [`ServiceHandle::blocking`] |
//! | send requests to a service | [`Requester`] |
//!
//! # Examples
//! ```
//! use libzmq::service::*;
//! use std::time::Duration;
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), anyhow::Error> {
//! let service = Service::builder()
//!     .bind("tcp://127.0.0.1:*")
//!     .heartbeat(Duration::from_secs(5))
//!     .build()?;
//! let handle = service.handle();
//! let serving = tokio::spawn(service.serve(|request| async move {
//!     let text = request.body().to_str().unwrap_or("?").to_uppercase();
//!     text
//! }));
//!
//! let requester = Requester::builder().connect(&handle.endpoints()[0]).build()?;
//! assert_eq!(requester.request("hello").await?, "HELLO");
//!
//! let report = handle.stop(Duration::from_secs(5)).await;
//! assert!(report.is_complete());
//! serving.await??;
//! #     Ok(())
//! # }
//! ```
//!
//! # Clients
//! A client is a connection. A service over a SERVER identifies it by its
//! [`RoutingId`](crate::RoutingId), a service over a ROUTER by its [`Identity`](crate::Identity). A
//! client that reconnects is a new client with new queues; over a SERVER it also has a new routing
//! id.
//!
//! - [`Event::Joined`]: the client's first message or its [hello] has arrived. The service does not
//!   know a client before that.
//! - [`Event::Message`]: the client has sent a message. Messages are reported in order.
//! - [`Event::Left`]: the client's connection has ended, or the service has
//!   [disconnected](Reason) the client.
//!
//! No event of a client comes before its `Joined` or after its `Left`.
//!
//! libzmq reports the end of a connection as a message with fixed bytes from that client. The
//! service sets 32 random bytes for this. Each service has its own, and they never leave the
//! process. So no client can forge the end of its connection. [`ClientInfo`] describes the
//! connection, not the content of messages: it holds the address, and the user id if an
//! authentication handler set one.
//!
//! Without a [heartbeat](ServiceBuilder::heartbeat) the service does not notice that a client's
//! network was cut off. Set a heartbeat or an [idle time](ServiceBuilder::idle).
//!
//! # Queues
//! ```text
//!               socket          service                    program
//! client  ==>  RecvHwm   ==>  incoming, per client   ==>  events, recv_from, serve
//! client  <==  SendHwm   <==  outgoing, per client   <==  send, reply, serve
//! ```
//!
//! Every queue is bounded. [`Overflow`] says what happens when one is full. By default the service
//! drops no message. When an incoming queue is full, the service stops reading, and the clients'
//! sends block. When an outgoing queue is full, `send` waits. [`Stats`] counts dropped messages.
//!
//! The engine never waits for a client. A client that does not read fills its own queue and delays
//! no messages to other clients. But a socket cannot be read for one client only: while the
//! incoming queue of one client is full, a service that stops reading reads no messages of other
//! clients either. If clients are not trusted, choose [`Overflow::Part`] for both directions.
//!
//! # Disconnecting a client
//! [`ServiceHandle::disconnect`], the idle time and `Overflow::Part` disconnect a client. The
//! service first sends the messages in the client's queue, and then the
//! [farewell](ServiceBuilder::farewell).
//!
//! | Service over | Then |
//! |:---|:---|
//! | `Server`, libzmq with `zmq_disconnect_peer` | the service [closes] the connection |
//! | `Server`, libzmq without it | the service refuses the client's messages until it disconnects |
//! | `Router` | the service refuses the client's messages until it disconnects |
//!
//! The libzmq that this crate compiles has `zmq_disconnect_peer`. A disconnected client may connect
//! again. To keep a client out, use authentication.
//!
//! # Stopping
//! [`ServiceHandle::stop`] ends a service without losing messages that it has accepted. The service
//! stops reading. Until the deadline it answers the requests that it has read, and sends the
//! messages in its queues. The [`Report`] counts the messages that were left.
//!
//! The service ends at once when the future of [`run`](Service::run) or [`serve`](Service::serve)
//! is dropped, or when its runtime ends. Calls on its handles then fail with
//! [`Stopped`](crate::ErrorKind::Stopped).
//!
//! # Existing clients
//! A service over a SERVER serves CLIENT sockets of any ZeroMQ library; a service over a ROUTER
//! serves REQ and DEALER sockets. The handler receives the message without the envelope of a REQ;
//! the [`ReplyTo`] keeps the envelope. So a service can replace a server that is written in another
//! language, without a change to its clients.
//!
//! ```
//! use libzmq::{prelude::*, service::*};
//!
//! # fn main() -> Result<(), anyhow::Error> {
//! let service = Service::router().bind("tcp://127.0.0.1:*").build()?;
//! let handle = service.spawn_serving(|request| async move { request.into_body() })?;
//!
//! let req = ReqBuilder::new().connect(&handle.endpoints()[0]).build()?;
//! req.send("hello")?;
//! assert_eq!(req.recv_msg()?, "hello");
//! #     Ok(())
//! # }
//! ```
//!
//! # Costs
//! A service answers about as many requests per second as a loop of
//! [`recv_msg`](crate::Async::recv_msg) and [`route`](crate::Async::route), because its engine
//! receives and sends in batches. Each client uses one or two kilobytes of memory in addition to
//! libzmq's. An idle service uses no CPU. The benchmark `service` measures throughput and memory.
//!
//! # `tracing`
//! With the feature `tracing` the target `libzmq::service` reports clients that join and leave,
//! dropped messages, panics and the end of the service. Each call of a handler runs in a span
//! `request`. The content of messages is never reported.
//!
//! # From RUMServer
//! `RUMServer` of the crate `rumtk-core` is a similar server over plain TCP. Its methods
//! correspond to:
//!
//! | `RUMServer` | this module |
//! |:---|:---|
//! | `new` | [`Service::builder`], [`ServiceBuilder::build`] |
//! | `run` | [`Service::run`], [`Service::spawn`] |
//! | `stop_server` | [`ServiceHandle::stop`], with a deadline and a [`Report`] |
//! | `get_address_info` | [`Service::endpoints`], [`ServiceHandle::endpoints`] |
//! | `handle_accept` | the engine; [`Event::Joined`] |
//! | `handle_receive` | the engine; [`Event::Message`] |
//! | `handle_send` | the engine, which no client delays |
//! | `handle_client_gc`, `gc_clients` | the engine; [`Event::Left`], [`collect_gone`] |
//! | `register_queue` | the engine, when a client joins; limits: [`incoming`], [`outgoing`] |
//! | `push_queue`, `push_message`, `send` | [`send`], [`try_send`], [`send_timeout`] |
//! | `pop_queue`, `pop_message` | [`try_recv_from`] |
//! | `receive` | [`recv_from`], [`recv_from_timeout`] |
//! | `wait_incoming` | [`ServiceHandle::wait_incoming`] |
//! | `is_queue_empty` | [`queued_from`], [`queued_to`] |
//! | `get_client_readiness` | [`is_readable`], [`is_writable`] |
//! | `get_client_ids` | [`ServiceHandle::client_ids`] |
//! | `get_clients` | [`ServiceHandle::clients`] |
//! | `get_client` | [`ServiceHandle::client`] |
//! | `get_client_id` | [`ClientInfo::id`] |
//! | `disconnect` | [`ServiceHandle::disconnect`] |
//! | `RUMServerHandle` | [`ServiceHandle::blocking`], [`BlockingHandle`] |
//!
//! [`broadcast`]: ServiceHandle::broadcast
//! [closes]: crate::Server::disconnect_peer
//! [`collect_gone`]: ServiceHandle::collect_gone
//! [hello]: ServiceBuilder::hello
//! [`incoming`]: ServiceBuilder::incoming
//! [`is_readable`]: ServiceHandle::is_readable
//! [`is_writable`]: ServiceHandle::is_writable
//! [`outgoing`]: ServiceBuilder::outgoing
//! [`queued_from`]: ServiceHandle::queued_from
//! [`queued_to`]: ServiceHandle::queued_to
//! [`recv_from`]: ServiceHandle::recv_from
//! [`recv_from_timeout`]: ServiceHandle::recv_from_timeout
//! [`send`]: ServiceHandle::send
//! [`send_timeout`]: ServiceHandle::send_timeout
//! [`try_recv_from`]: ServiceHandle::try_recv_from
//! [`try_send`]: ServiceHandle::try_send

mod blocking;
mod builder;
mod engine;
mod event;
mod events;
mod handle;
mod incoming;
mod kind;
mod leaving;
mod outgoing;
mod park;
mod reply;
mod report;
mod requester;
#[allow(clippy::module_inception, reason = "the service of the module")]
mod service;
mod settings;
mod slab;
mod spawn;
mod state;
mod stats;
mod tasks;
mod trace;
mod waiting;
mod wire;
mod work;

pub use blocking::BlockingHandle;
pub use builder::ServiceBuilder;
pub use event::{ClientInfo, Event, Incoming, Reason, ReplyTo};
pub use events::{BlockingEvents, Events};
pub use handle::ServiceHandle;
pub use kind::Serving;
pub use reply::Reply;
pub use report::Report;
pub use requester::{Asking, Delivery, Matching, Requester, RequesterBuilder, RequesterStats};
pub use service::Service;
pub use settings::Overflow;
pub use stats::{Histogram, Stats};
