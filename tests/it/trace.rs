//! Connection events as events of the crate `tracing`.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Mutex,
        mpsc::{Receiver, Sender, channel},
    },
};

use libzmq::{
    auth::{AuthClient, Mechanism, PlainClientCreds},
    prelude::*,
};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use crate::common::watchdog;

/// An event with its fields as text.
type Traced = (Level, BTreeMap<&'static str, String>);

/// Hands each event on.
struct Collector(Mutex<Sender<Traced>>);

impl Subscriber for Collector {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(BTreeMap::new());
        event.record(&mut fields);
        let _ = self.0.lock().unwrap().send((*event.metadata().level(), fields.0));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

/// Switches tracing on for the socket.
fn trace<S: Monitored>(socket: &S) -> Receiver<Traced> {
    let (events, traced) = channel();
    let collector = Collector(Mutex::new(events));
    tracing::subscriber::with_default(collector, || socket.trace_connections().unwrap());
    traced
}

/// The next warning.
#[track_caller]
fn warning(traced: &Receiver<Traced>) -> BTreeMap<&'static str, String> {
    traced.iter().find(|(level, _)| *level == Level::WARN).unwrap().1
}

#[test]
fn trace_of_a_good_connection_has_endpoints_and_no_warning() {
    let _watchdog = watchdog();
    let server = Server::new().unwrap();
    let of_server = trace(&server);
    let endpoint = server.bind_endpoint("tcp://127.0.0.1:*").unwrap();
    let client = Client::new().unwrap();
    let of_client = trace(&client);
    client.connect(&endpoint).unwrap();
    client.send("hello").unwrap();
    assert_eq!(server.recv_msg().unwrap(), "hello");

    let (level, listening) = of_server.recv().unwrap();
    assert_eq!(level, Level::INFO);
    assert_eq!(listening["message"], "listening");
    assert_eq!(listening["socket"], "Server");
    assert_eq!(listening["endpoint"], endpoint.to_string());
    drop(client);
    let of_client: Vec<_> = of_client.iter().collect();
    assert!(of_client.iter().all(|(level, _)| *level != Level::WARN), "{of_client:?}");
    let (_, connected) = of_client.iter().find(|(_, e)| e["message"] == "connected").unwrap();
    assert_eq!(connected["endpoint"], endpoint.to_string());
    assert!(connected["local"].starts_with("tcp://127.0.0.1:"));

    let end = of_server.iter().find(|(_, event)| event["message"] == "disconnected").unwrap();
    assert_eq!((end.0, end.1["reason"].as_str()), (Level::INFO, "closed by the peer"));
}

#[test]
fn trace_of_an_incompatible_type_warns_on_the_side_that_refuses() {
    let _watchdog = watchdog();
    let publisher = Pub::new().unwrap();
    let traced = trace(&publisher);
    let endpoint = publisher.bind_endpoint("tcp://127.0.0.1:*").unwrap();
    let _pull = PullBuilder::new().connect(endpoint).build().unwrap();
    let event = warning(&traced);
    assert_eq!(event["message"], "handshake failed");
    assert!(event["error"].contains("metadata"), "{event:?}");
    assert!(event["help"].contains("types of the two sockets"), "{event:?}");
}

#[test]
fn trace_of_a_mechanism_mismatch_warns() {
    let _watchdog = watchdog();
    let server = Server::new().unwrap();
    let traced = trace(&server);
    server.set_mechanism(Mechanism::PlainServer).unwrap();
    let endpoint = server.bind_endpoint("tcp://127.0.0.1:*").unwrap();
    let _client = ClientBuilder::new().connect(endpoint).build().unwrap();
    let event = warning(&traced);
    assert!(event["error"].contains("different mechanisms"), "{event:?}");
    assert!(event["help"].contains("same mechanism"), "{event:?}");
}

#[test]
fn trace_of_a_missing_handler_and_of_refused_credentials_warns_on_both_sides() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let server =
        ServerBuilder::new().mechanism(Mechanism::PlainServer).with_ctx(ctx.handle()).unwrap();
    let of_server = trace(&server);
    let endpoint = server.bind_endpoint("tcp://127.0.0.1:*").unwrap();
    let connect = || {
        let client = ClientBuilder::new()
            .mechanism(PlainClientCreds::new("Ada", "guess"))
            .with_ctx(ctx.handle())
            .unwrap();
        let of_client = trace(&client);
        client.connect(&endpoint).unwrap();
        (client, of_client)
    };
    let (client, _) = connect();
    let event = warning(&of_server);
    assert!(event["error"].contains("no authentication handler"), "{event:?}");
    assert!(event["help"].contains("AuthClient"), "{event:?}");
    drop(client);

    AuthClient::with_ctx(ctx.handle()).unwrap();
    let (_client, of_client) = connect();
    let event = warning(&of_client);
    assert!(event["error"].contains("status 400"), "{event:?}");
    let refused = |event: &BTreeMap<_, String>| {
        event.get("error").is_some_and(|error| error.contains("status 400"))
    };
    while !refused(&warning(&of_server)) {}
}

#[test]
fn trace_of_a_message_over_the_limit_warns_and_names_the_option() {
    let _watchdog = watchdog();
    let pull = PullBuilder::new().max_msg_size(100).build().unwrap();
    let traced = trace(&pull);
    let endpoint = pull.bind_endpoint("tcp://127.0.0.1:*").unwrap();
    let push = PushBuilder::new().connect(endpoint).build().unwrap();
    push.send("x".repeat(101)).unwrap();
    let event = warning(&traced);
    assert!(event["reason"].contains("too long"), "{event:?}");
    assert!(event["help"].contains("max_msg_size"), "{event:?}");
}

#[test]
fn trace_of_a_port_without_listener_warns_once() {
    let _watchdog = watchdog();
    let client = ClientBuilder::new()
        .reconnect_interval(std::time::Duration::from_millis(1))
        .build()
        .unwrap();
    let traced = trace(&client);
    // Port 9 is reserved for a service that discards, which is switched off everywhere.
    client.connect("tcp://127.0.0.1:9").unwrap();
    let retries: Vec<_> =
        traced.iter().filter(|(_, event)| event["message"] == "connect failed").take(3).collect();
    let levels: Vec<_> = retries.iter().map(|(level, _)| *level).collect();
    assert_eq!(levels, [Level::WARN, Level::DEBUG, Level::DEBUG]);
    assert_eq!(retries[0].1["endpoint"], "tcp://127.0.0.1:9");
}

/// Panics at each event.
struct Panics;

impl Subscriber for Panics {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, _: &Event<'_>) {
        panic!("a subscriber that panics");
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[cfg(zmq_has = "patches")]
#[test]
fn subscriber_that_panics_does_not_change_the_result_of_a_call() {
    let _watchdog = watchdog();
    let client = Client::new().unwrap();
    let limit = std::time::Duration::from_millis(10);
    let connect = || client.connect_and_wait(crate::common::Transport::Tcp.nowhere(), limit);
    let connected = tracing::subscriber::with_default(Panics, connect);
    assert_eq!(connected.unwrap_err().kind(), ErrorKind::HostUnreachable);
}

#[test]
fn trace_of_a_failed_handshake_warns_of_it_and_not_of_the_next_attempt() {
    let _watchdog = watchdog();
    let publisher = PubBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
    let pull = Pull::new().unwrap();
    let traced = trace(&pull);
    pull.connect(publisher.last_endpoint().unwrap()).unwrap();
    let mut failed = false;
    // The socket connects again and again.
    let (level, event) = traced
        .iter()
        .inspect(|(_, event)| failed |= event["message"] == "handshake failed")
        .find(|(_, event)| event.get("error").is_some_and(|why| why.starts_with("next attempt")))
        .unwrap();
    assert!(failed);
    assert_eq!((level, event["message"].as_str()), (Level::DEBUG, "reconnecting"));
    assert!(!event.contains_key("help"), "{event:?}");
}

#[test]
fn trace_of_a_peer_that_closes_during_the_handshake_advises_to_trace_the_peer() {
    let _watchdog = watchdog();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::new().unwrap();
    let traced = trace(&client);
    client.connect(format!("tcp://{}", listener.local_addr().unwrap())).unwrap();
    drop(listener.accept().unwrap());
    let event = warning(&traced);
    assert_eq!(event["message"], "handshake failed");
    assert!(event["help"].contains("connections of the peer"), "{event:?}");
}
