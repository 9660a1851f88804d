//! With a libzmq without the patches, calls that would deadlock or corrupt memory are refused, with
//! an error that says so.
//!
//! ```text
//! LIBZMQ_UNPATCHED=1 cargo test --test unpatched
//! ```

#![cfg(not(zmq_has = "patches"))]

use libzmq::{monitor::*, prelude::*, *};

fn refused(done: Result<(), Error>) -> bool {
    let error = done.unwrap_err();
    error.text().is_some()
        && matches!(error.kind(), ErrorKind::Unsupported(why) if why.contains("this libzmq"))
}

/// Two thread-safe sockets deadlock over inproc.
#[test]
fn thread_safe_sockets_over_inproc_are_unsupported() {
    assert!(refused(Client::new().unwrap().connect("inproc://here")));
    assert!(refused(Server::new().unwrap().bind("inproc://here")));
    assert!(refused(Radio::new().unwrap().bind("inproc://here")));
    assert!(refused(Dish::new().unwrap().connect("inproc://here")));
    assert!(refused(Scatter::new().unwrap().connect("inproc://here")));
    assert!(refused(Gather::new().unwrap().bind("inproc://here")));
    assert!(refused(Channel::new().unwrap().bind("inproc://here")));
    assert!(refused(Peer::new().unwrap().connect_peer("inproc://here").map(drop)));
}

#[test]
fn single_threaded_sockets_over_inproc_and_all_over_tcp_work() {
    let pull = PullBuilder::new().bind("inproc://there").build().unwrap();
    let push = PushBuilder::new().connect("inproc://there").build().unwrap();
    push.send("classical").unwrap();
    assert_eq!(pull.recv_msg().unwrap(), "classical");

    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
    let client = ClientBuilder::new().connect(server.last_endpoint().unwrap()).build().unwrap();
    client.send("over tcp").unwrap();
    assert_eq!(server.recv_msg().unwrap(), "over tcp");
}

/// The reference counts of longer names are wrong.
#[test]
fn group_name_over_14_bytes_is_an_error() {
    assert_eq!(MAX_GROUP_SIZE, 14);
    assert!(Group::new("x".repeat(14)).is_ok());
    assert!(Group::new("x".repeat(15)).is_err());
}

/// The filter would accept every IPv4 peer.
#[test]
fn ipv4_accept_filter_is_invalid_input() {
    let server = Server::new().unwrap();
    assert!(matches!(
        server.set(opt::TcpAcceptFilter, "192.0.2.0/24").unwrap_err().kind(),
        ErrorKind::InvalidInput(_)
    ));
    server.set(opt::TcpAcceptFilter, "::ffff:192.0.2.0/120").unwrap();
    server.set(opt::TcpAcceptFilter, "").unwrap();
}

/// libzmq does not count lost events, loses the last one too, and overwrites the error of a failed
/// bind.
#[test]
fn monitor_that_lost_events_has_no_count_of_them() {
    let refused = Server::new().unwrap().monitor(EventSet::ALL).unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Unsupported(_)));

    let mut monitor = late_monitor();
    assert_eq!(monitor.missed(), Some(0));
    let read = monitor.by_ref().count();
    assert!((1000..16_000).contains(&read), "{read}");
    assert_eq!(monitor.missed(), None);
}

#[cfg(feature = "tokio")]
#[tokio::test]
async fn event_stream_ends_after_its_stopped_event_was_lost() {
    use futures::StreamExt;

    let mut events = aio::AsyncMonitor::new(late_monitor()).unwrap();
    let read = events.by_ref().count().await;
    assert!((1000..16_000).contains(&read), "{read}");
    assert_eq!(events.missed(), None);
}

/// The monitor of a closed socket that had more events than its queue holds.
fn late_monitor() -> Monitor {
    let router = Router::new().unwrap();
    let monitor =
        router.monitor(EventSet::LISTENING | EventSet::CLOSED | EventSet::BIND_FAILED).unwrap();
    for _ in 0..8000 {
        router.bind("tcp://127.0.0.1:*").unwrap();
        router.unbind(router.last_endpoint().unwrap()).unwrap();
    }
    router.bind("tcp://127.0.0.1:*").unwrap();
    assert_eq!(
        router.bind(router.last_endpoint().unwrap()).unwrap_err().kind(),
        ErrorKind::AddrInUse
    );
    monitor
}

/// Upstream's version after this one has the function.
#[test]
fn connections_of_single_peers_cannot_be_ended() {
    let id = RoutingId::new(1).unwrap();
    assert!(refused(Server::new().unwrap().disconnect_peer(id)));
    assert!(refused(Peer::new().unwrap().disconnect_peer(id)));
}

/// Without the function a service refuses the messages of a client that it has parted with.
#[cfg(feature = "service")]
#[test]
fn service_parts_softly() {
    use libzmq::service::*;

    let service = Service::builder().bind("tcp://127.0.0.1:*").farewell("goodbye").build().unwrap();
    let handle = service.spawn().unwrap().blocking();
    let mut events = handle.events();
    let client = ClientBuilder::new().connect(&handle.endpoints()[0]).build().unwrap();
    client.send("hello").unwrap();
    assert!(matches!(events.next(), Some(Event::Joined(_))));
    let Some(Event::Message(hello)) = events.next() else { panic!("a message") };
    assert_eq!(handle.disconnect(hello.client()).unwrap(), 0);
    assert!(matches!(events.next(), Some(Event::Left { reason: Reason::Parted, .. })));
    assert_eq!(client.recv_msg().unwrap(), "goodbye");

    client.send("unheard").unwrap();
    while handle.stats().refused == 0 {
        std::thread::yield_now();
    }
    assert!(handle.client_ids().is_empty() && events.try_recv().is_none());
    drop(client);
    // Another client is not refused.
    let client = ClientBuilder::new().connect(&handle.endpoints()[0]).build().unwrap();
    client.send("hello").unwrap();
    assert!(matches!(events.next(), Some(Event::Joined(_))));
}
