//! What monitors tell of connections.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::{thread, time::Duration};

use common::{Transport, until, watchdog};
use libzmq::{auth::PlainClientCreds, monitor::*, poll::*, prelude::*, *};

/// The next event of that kind.
fn next(monitor: &Monitor, is_it: impl Fn(EventKind) -> bool) -> monitor::Event {
    loop {
        let event = monitor.recv().unwrap();
        if is_it(event.kind()) {
            return event;
        }
    }
}

#[test]
fn a_connection_is_told_from_its_start_to_its_end() {
    let _watchdog = watchdog();
    for transport in [Transport::Tcp, Transport::Ipc] {
        let ctx = Ctx::new();
        let server = Server::with_ctx(ctx.handle()).unwrap();
        let client = Client::with_ctx(ctx.handle()).unwrap();
        let of_server = server.monitor(EventSet::ALL).unwrap();
        let of_client = client.monitor(EventSet::ALL).unwrap();
        server.bind(transport.anywhere()).unwrap();
        let endpoint = server.last_endpoint().unwrap();
        let listening = of_server.recv().unwrap();
        assert_eq!((listening.kind(), listening.local(), listening.remote()), (EventKind::Listening, Some(endpoint.clone()), None));

        client.connect(&endpoint).unwrap();
        let connected = next(&of_client, |kind| kind == EventKind::Connected);
        assert_eq!(connected.remote().as_ref(), Some(&endpoint));
        assert!(connected.to_string().contains(&endpoint.to_string()));
        next(&of_client, |kind| kind == EventKind::HandshakeSucceeded);
        let accepted = next(&of_server, |kind| kind == EventKind::Accepted);
        assert_eq!(accepted.local(), Some(endpoint.clone()));
        if transport == Transport::Tcp {
            assert_eq!(accepted.remote(), connected.local());
        }
        next(&of_server, |kind| kind == EventKind::HandshakeSucceeded);

        drop(client);
        let mut end = of_client.filter(|event| event.kind() != EventKind::Disconnected);
        assert_eq!(end.next(), None);
        let disconnected = next(&of_server, |kind| kind == EventKind::Disconnected);
        assert_eq!(disconnected.value(), accepted.value());
        server.unbind(&endpoint).unwrap();
        next(&of_server, |kind| kind == EventKind::Closed);

        drop(server);
        assert_eq!(of_server.recv().unwrap().kind(), EventKind::Stopped);
        assert!(matches!(of_server.recv().unwrap_err().kind(), ErrorKind::NotFound(_)));
    }
}

#[test]
fn values_are_what_they_are() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let at = ctx.handle();
    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(at).unwrap();
    let endpoint = server.last_endpoint().unwrap();

    // To tell of this, libzmq would forget why it failed.
    let second = Router::with_ctx(at).unwrap();
    let _of_second = second.monitor(EventSet::ALL).unwrap();
    assert_eq!(second.bind(&endpoint).unwrap_err().kind(), ErrorKind::AddrInUse);

    let lonely = ClientBuilder::new().reconnect_interval(Duration::from_millis(7)).with_ctx(at).unwrap();
    let of_lonely = lonely.monitor(EventSet::CONNECT_RETRIED).unwrap();
    lonely.connect(Transport::Tcp.nowhere()).unwrap();
    let EventKind::ConnectRetried(interval) = of_lonely.recv().unwrap().kind() else { unreachable!() };
    // libzmq adds up to as much again, by chance.
    assert!((7..14).contains(&interval.as_millis()), "{interval:?}");

    // Somebody with another mechanism.
    let of_server = server.monitor(EventSet::HANDSHAKE_FAILED_PROTOCOL).unwrap();
    let creds = PlainClientCreds::new("name", "password");
    let _client = ClientBuilder::new().mechanism(creds).connect(&endpoint).with_ctx(at).unwrap();
    let event = of_server.recv_timeout(Duration::from_secs(20)).unwrap();
    assert_eq!(event.kind(), EventKind::HandshakeFailedProtocol(ProtocolError::MechanismMismatch));
    assert!(ProtocolError::MechanismMismatch.to_string().contains("mechanisms"));
}

#[test]
fn a_monitor_that_nobody_reads_stops_nothing() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let server = Server::with_ctx(ctx.handle()).unwrap();
    let mut monitor = server.monitor(EventSet::ALL).unwrap();
    // Each bind is one event from this thread, and one or more from an I/O thread.
    for _ in 0..8000 {
        server.bind("tcp://127.0.0.1:*").unwrap();
        server.unbind(server.last_endpoint().unwrap()).unwrap();
    }
    // The I/O thread goes on as well.
    server.bind("tcp://127.0.0.1:*").unwrap();
    let client = ClientBuilder::new().connect(server.last_endpoint().unwrap()).with_ctx(ctx.handle()).unwrap();
    common::greet(&server, &client);
    drop(server);

    // It ends, although the end itself may be among what was lost.
    let read = monitor.by_ref().count();
    assert!((1000..16_000).contains(&read), "{read}");
    assert!(monitor.may_have_missed());
}

#[test]
fn monitors_and_sockets_go_in_any_order() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let router = Router::with_ctx(ctx.handle()).unwrap();
    let first = router.monitor(EventSet::LISTENING).unwrap();
    let second = router.monitor(EventSet::LISTENING).unwrap();
    // The first ends, and takes nothing from the second with it.
    assert_eq!(first.recv().unwrap().kind(), EventKind::Stopped);
    drop(first);
    router.bind("tcp://127.0.0.1:*").unwrap();
    assert_eq!(second.recv().unwrap().kind(), EventKind::Listening);
    drop(second);
    router.bind("tcp://127.0.0.1:*").unwrap();

    let third = router.monitor(EventSet::LISTENING).unwrap();
    assert_eq!(third.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(third.recv_timeout(Duration::from_millis(20)).unwrap_err().kind(), ErrorKind::WouldBlock);
    router.stop_monitor().unwrap();
    router.stop_monitor().unwrap();
    assert_eq!(third.into_iter().next(), None);

    let mut fourth = router.monitor(EventSet::ALL).unwrap();
    let waiting = thread::spawn(move || fourth.next());
    ctx.shutdown();
    assert_eq!(waiting.join().unwrap(), None);
    assert_eq!(router.monitor(EventSet::ALL).unwrap_err().kind(), ErrorKind::InvalidCtx);
    drop(router);
    until(|| ctx.handle().max_sockets() > 0);
}

#[test]
fn a_poller_waits_for_monitors() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let server = Server::with_ctx(ctx.handle()).unwrap();
    let monitor = server.monitor(EventSet::LISTENING).unwrap();
    let mut poller = Poller::new();
    poller.add(&monitor, PollId(1), READABLE).unwrap();
    let mut events = Events::new();
    assert_eq!(poller.try_poll(&mut events).unwrap_err().kind(), ErrorKind::WouldBlock);
    server.bind("tcp://127.0.0.1:*").unwrap();
    poller.poll(&mut events, Infinite).unwrap();
    assert_eq!(monitor.try_recv().unwrap().kind(), EventKind::Listening);
}
