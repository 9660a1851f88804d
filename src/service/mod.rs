//! A managed server.

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
