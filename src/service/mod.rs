//! A managed server: it knows its clients, has queues for each, and reports when they join and
//! leave.
//!
//! A [`Service`] stands on one socket, a [`Server`](crate::Server) or a
//! [`Router`](crate::Router). An engine, which is one future, moves messages between the socket
//! and the queues of the clients. Programs talk to the service through a [`ServiceHandle`], from
//! any task and any thread.
//!
//! | To | use |
//! |:---|:---|
//! | answer requests | [`Service::serve`] with an `async` handler |
//! | see clients join, send and leave | [`ServiceHandle::events`], [`Event`] |
//! | speak to a client at any time | [`ServiceHandle::send`], [`try_send`](ServiceHandle::try_send), [`broadcast`](ServiceHandle::broadcast) |
//! | take the messages of one client alone | [`ServiceHandle::recv_from`] |
//! | work without a runtime | [`Service::spawn`], [`ServiceHandle::blocking`] |
//! | ask a service | [`Requester`] |
//!
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
//! A client is a connection. Over a SERVER the service knows it by its
//! [`RoutingId`](crate::RoutingId), over a ROUTER by its [`Identity`](crate::Identity). A client
//! that connects anew is a new client, with new queues; over a SERVER it has a new id.
//!
//! - [`Event::Joined`]: the service learns of a client by its first message, or by a
//!   [hello](ServiceBuilder::hello). A client that says neither is not known.
//! - [`Event::Message`]: its messages, in order.
//! - [`Event::Left`]: its connection has ended, or the service has [parted](Reason) with it.
//!
//! Nothing of a client comes before its `Joined` or after its `Left`.
//!
//! libzmq reports the end of a connection as a message of the client's with fixed bytes. Those are
//! 32 random bytes here, for each service others, which never leave the process. So no client can
//! pretend that it has gone. What [`ClientInfo`] says of a client comes from its connection: the
//! address, and the user id if an authentication handler gave one.
//!
//! Without a [heartbeat](ServiceBuilder::heartbeat) a client whose network is cut off does not
//! leave: set one, or an [idle time](ServiceBuilder::idle).
//!
//! # Queues
//! ```text
//!               socket          service                    program
//! client  ==>  RecvHwm   ==>  incoming, per client   ==>  events, recv_from, serve
//! client  <==  SendHwm   <==  outgoing, per client   <==  send, reply, serve
//! ```
//!
//! Every queue is bounded. What happens when one is full is the program's choice: see [`Overflow`].
//! By default nothing is lost: when an incoming queue is full the service stops reading, and the
//! senders wait; when an outgoing queue is full `send` waits. Messages that are dropped are counted
//! in [`Stats`].
//!
//! The engine never waits for a client. A client that does not read fills its own queue and delays
//! no message to another. But a socket cannot be read for one client only: while the incoming queue
//! of one client is full, a service that stops reading reads nothing of the others either. If
//! clients are not trusted, choose [`Overflow::Part`] for both directions.
//!
//! # Parting with a client
//! [`ServiceHandle::disconnect`], the idle time and `Overflow::Part` part with a client. Its queue
//! is sent first, with the [farewell](ServiceBuilder::farewell) at its end.
//!
//! | Service over | Then |
//! |:---|:---|
//! | `Server`, and libzmq has `zmq_disconnect_peer` | the connection is [closed](crate::Server::disconnect_peer) |
//! | `Server`, and libzmq lacks it | the service refuses what comes on the connection until the client closes it |
//! | `Router` | the same |
//!
//! The libzmq that this crate compiles has it. Authentication keeps a client away for good.
//!
//! # Ending
//! [`ServiceHandle::stop`] ends a service without losing what it has accepted. The service reads no
//! more, and answers and sends what it has, until the deadline. Its [`Report`] says what was left.
//!
//! The service ends at once when the future of [`run`](Service::run) or
//! [`serve`](Service::serve) is dropped, or its runtime ends. Then calls on its handles fail with
//! [`Stopped`](crate::ErrorKind::Stopped).
//!
//! # Existing clients
//! A service over a SERVER serves every CLIENT socket, whatever it is written in; one over a ROUTER
//! serves REQ and DEALER sockets. The handler sees what the client's user sent: the envelope of a
//! REQ stays with the [`ReplyTo`]. So a service takes the place of a server that is written in
//! another language, and its clients stay as they are.
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
//! A service answers about as many requests a second as a loop of
//! [`recv_msg`](crate::Async::recv_msg) and [`route`](crate::Async::route), since its engine
//! receives and sends in batches. It takes one or two kilobytes for each client beside what libzmq
//! takes, and no processor time while nothing happens. The program `service` among the benchmarks
//! measures both.
//!
//! # `tracing`
//! With the feature `tracing` the target `libzmq::service` reports clients that join and leave,
//! dropped messages, panics and the end of the service. Each call of a handler runs in a span
//! `request`. What messages say is never reported.
//!
//! # From RUMServer
//! `RUMServer` of the crate `rumtk-core` is a server of the same kind over plain TCP. What its
//! methods do is done here by:
//!
//! | `RUMServer` | here |
//! |:---|:---|
//! | `new` | [`Service::builder`], [`ServiceBuilder::build`] |
//! | `run` | [`Service::run`], [`Service::spawn`] |
//! | `stop_server` | [`ServiceHandle::stop`], with a deadline and a [`Report`] |
//! | `get_address_info` | [`Service::endpoints`], [`ServiceHandle::endpoints`] |
//! | `handle_accept` | the engine; [`Event::Joined`] |
//! | `handle_receive` | the engine; [`Event::Message`] |
//! | `handle_send` | the engine, which no client delays |
//! | `handle_client_gc`, `gc_clients` | the engine; [`Event::Left`], [`ServiceHandle::collect_gone`] |
//! | `register_queue` | the engine, when a client joins; bounds by [`ServiceBuilder::incoming`] and [`outgoing`](ServiceBuilder::outgoing) |
//! | `push_queue`, `push_message`, `send` | [`ServiceHandle::send`], [`try_send`](ServiceHandle::try_send), [`send_timeout`](ServiceHandle::send_timeout) |
//! | `pop_queue`, `pop_message` | [`ServiceHandle::try_recv_from`] |
//! | `receive` | [`ServiceHandle::recv_from`], [`recv_from_timeout`](ServiceHandle::recv_from_timeout) |
//! | `wait_incoming` | [`ServiceHandle::wait_incoming`] |
//! | `is_queue_empty` | [`ServiceHandle::queued_from`], [`queued_to`](ServiceHandle::queued_to) |
//! | `get_client_readiness` | [`ServiceHandle::is_readable`], [`is_writable`](ServiceHandle::is_writable) |
//! | `get_client_ids` | [`ServiceHandle::client_ids`] |
//! | `get_clients` | [`ServiceHandle::clients`] |
//! | `get_client` | [`ServiceHandle::client`] |
//! | `get_client_id` | [`ClientInfo::id`] |
//! | `disconnect` | [`ServiceHandle::disconnect`] |
//! | `RUMServerHandle` | [`ServiceHandle::blocking`], [`BlockingHandle`] |

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
