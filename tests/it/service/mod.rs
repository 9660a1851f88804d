//! The managed server, `libzmq::service`.

mod adverse;
mod events;
mod handle;
mod load;
mod overflow;
mod requester;
mod requester_adverse;
mod serve;
mod stop;
#[cfg(feature = "tracing")]
mod trace;

use std::time::Duration;

use libzmq::{prelude::*, service::*};

use crate::common::{Transport, context};

const SOON: Duration = Duration::from_secs(20);

/// A context, and a service in it.
struct Site {
    ctx: Ctx,
    service: Service,
}

fn site(
    transport: Transport,
    set: impl FnOnce(&mut ServiceBuilder) -> &mut ServiceBuilder,
) -> Site {
    let ctx = context();
    let mut builder = Service::builder();
    builder.bind(transport.anywhere()).ctx(&ctx);
    set(&mut builder);
    let service = builder.build().unwrap();
    Site { ctx, service }
}

fn client_of(ctx: &Ctx, handle: &ServiceHandle) -> Client {
    client_with(ctx, handle, |builder| builder)
}

fn client_with(
    ctx: &Ctx,
    handle: &ServiceHandle,
    set: impl FnOnce(&mut ClientBuilder) -> &mut ClientBuilder,
) -> Client {
    let mut builder = ClientBuilder::new();
    set(&mut builder);
    builder.connect(&handle.endpoints()[0]).with_ctx(ctx.handle()).unwrap()
}

/// Returns the next event. Fails if there is none within `SOON`.
fn next(events: &mut BlockingEvents) -> Event {
    events.recv_timeout(SOON).expect("an event")
}

/// Returns the next event, which must be a message.
fn message(events: &mut BlockingEvents) -> Incoming {
    match next(events) {
        Event::Message(message) => message,
        event => panic!("{event:?}"),
    }
}

fn joined(events: &mut BlockingEvents) -> ClientInfo {
    match next(events) {
        Event::Joined(info) => info,
        event => panic!("{event:?}"),
    }
}

fn left(events: &mut BlockingEvents) -> (RoutingId, Reason, usize) {
    match next(events) {
        Event::Left { client, reason, unsent } => (client, reason, unsent),
        event => panic!("{event:?}"),
    }
}

/// Makes the client send a message, and returns its routing id.
fn join(client: &Client, events: &mut BlockingEvents) -> RoutingId {
    client.send("hello").unwrap();
    let id = *joined(events).id();
    let hello = message(events);
    assert_eq!((*hello.client(), hello.body().as_bytes()), (id, &b"hello"[..]));
    id
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
