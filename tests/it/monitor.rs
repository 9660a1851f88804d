//! Monitors: the events of connections, their values, and lost events.

use std::{
    io::Write,
    net::{TcpListener, TcpStream},
    thread,
    time::Duration,
};

use libzmq::{
    auth::{AuthClient, Mechanism, PlainClientCreds},
    monitor::*,
    poll::*,
    prelude::*,
    *,
};

use crate::common::{Transport, retry, until, watchdog};

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
fn monitor_reports_a_connection_from_listening_to_stopped() {
    let _watchdog = watchdog();
    for &transport in Transport::BETWEEN_PROCESSES {
        let ctx = Ctx::new();
        let server = Server::with_ctx(ctx.handle()).unwrap();
        let client = Client::with_ctx(ctx.handle()).unwrap();
        let of_server = server.monitor(EventSet::ALL).unwrap();
        let of_client = client.monitor(EventSet::ALL).unwrap();
        server.bind(transport.anywhere()).unwrap();
        let endpoint = server.last_endpoint().unwrap();
        let listening = of_server.recv().unwrap();
        assert_eq!(
            (listening.kind(), listening.local(), listening.remote()),
            (EventKind::Listening, Some(endpoint.clone()), None)
        );

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
fn monitor_events_hold_their_error_interval_or_protocol_error() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let at = ctx.handle();
    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(at).unwrap();
    let endpoint = server.last_endpoint().unwrap();

    let second = Router::with_ctx(at).unwrap();
    let of_second = second.monitor(EventSet::ALL).unwrap();
    assert_eq!(second.bind(&endpoint).unwrap_err().kind(), ErrorKind::AddrInUse);
    let failed = next(&of_second, |kind| kind == EventKind::BindFailed(ErrorKind::AddrInUse));
    let address = endpoint.to_string();
    assert!(failed.to_string().contains(address.strip_prefix("tcp://").unwrap()), "{failed}");

    let lonely =
        ClientBuilder::new().reconnect_interval(Duration::from_millis(7)).with_ctx(at).unwrap();
    let of_lonely = lonely.monitor(EventSet::CONNECT_RETRIED).unwrap();
    lonely.connect(Transport::Tcp.nowhere()).unwrap();
    let EventKind::ConnectRetried(interval) = of_lonely.recv().unwrap().kind() else {
        unreachable!()
    };
    // libzmq adds a random time of up to the same length.
    assert!((7..14).contains(&interval.as_millis()), "{interval:?}");

    // A client with another mechanism.
    let of_server = server.monitor(EventSet::HANDSHAKE_FAILED_PROTOCOL).unwrap();
    let creds = PlainClientCreds::new("name", "password");
    let _client = ClientBuilder::new().mechanism(creds).connect(&endpoint).with_ctx(at).unwrap();
    let event = of_server.recv_event_timeout(Duration::from_secs(20)).unwrap().unwrap();
    assert_eq!(event.kind(), EventKind::HandshakeFailedProtocol(ProtocolError::MechanismMismatch));
    assert!(ProtocolError::MechanismMismatch.to_string().contains("mechanisms"));
}

/// Whether a handshake failed because the connection ended.
fn is_cut(kind: EventKind) -> bool {
    matches!(kind, EventKind::HandshakeFailed(ErrorKind::Os(libc::EPIPE | libc::ECONNRESET)))
}

#[test]
fn monitor_reports_a_peer_that_disconnects_during_the_handshake() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap();
    let endpoint = server.last_endpoint().unwrap().to_string();
    let monitor = server.monitor(EventSet::ALL).unwrap();
    // Before the greeting, and in the middle of it.
    for greeting in [&b""[..], b"\xff\0\0\0\0\0\0\0\x01\x7f\x03"] {
        let mut stranger = TcpStream::connect(endpoint.strip_prefix("tcp://").unwrap()).unwrap();
        let accepted = next(&monitor, |kind| kind == EventKind::Accepted);
        stranger.write_all(greeting).unwrap();
        drop(stranger);
        let failed = monitor.recv().unwrap();
        assert!(is_cut(failed.kind()), "{failed}");
        assert_eq!(failed.local(), accepted.local());
        let disconnected = monitor.recv().unwrap();
        assert_eq!(
            (disconnected.kind(), disconnected.value()),
            (EventKind::Disconnected, accepted.value())
        );
    }
}

#[test]
fn monitor_disconnected_event_has_its_reason() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let pull = PullBuilder::new()
        .max_msg_size(100)
        .heartbeat(Heartbeat::new(Duration::from_millis(20)))
        .option(opt::HandshakeInterval, Duration::from_millis(100))
        .bind("tcp://127.0.0.1:*")
        .with_ctx(ctx.handle())
        .unwrap();
    let endpoint = pull.last_endpoint().unwrap();
    let monitor = pull.monitor(EventSet::ALL).unwrap();
    let reason = || next(&monitor, |kind| kind == EventKind::Disconnected).reason();

    let push = PushBuilder::new().connect(&endpoint).with_ctx(ctx.handle()).unwrap();
    push.send("short").unwrap();
    assert_eq!(pull.recv_msg().unwrap().to_str(), Ok("short"));
    drop(push);
    let end = next(&monitor, |kind| kind == EventKind::Disconnected);
    assert_eq!(end.reason(), Some(DisconnectReason::ClosedByPeer));
    assert!(end.to_string().contains("closed by the peer"), "{end}");

    let push = PushBuilder::new().connect(&endpoint).with_ctx(ctx.handle()).unwrap();
    push.send("x".repeat(101)).unwrap();
    assert_eq!(reason(), Some(DisconnectReason::MessageTooLong));
    drop(push);

    // The rest of its handshake does not come.
    let address = endpoint.to_string();
    let mut stranger = TcpStream::connect(address.strip_prefix("tcp://").unwrap()).unwrap();
    stranger.write_all(b"G").unwrap();
    let late = EventKind::HandshakeFailed(ErrorKind::Os(libc::ETIMEDOUT));
    next(&monitor, |kind| kind == late);
    assert_eq!(reason(), Some(DisconnectReason::TimedOut));

    let _sub = SubBuilder::new().connect(&endpoint).with_ctx(ctx.handle()).unwrap();
    let invalid = EventKind::HandshakeFailedProtocol(ProtocolError::InvalidMetadata);
    assert_eq!(next(&monitor, |kind| kind == invalid).reason(), None);
    assert_eq!(reason(), Some(DisconnectReason::Protocol));
}

#[test]
fn monitor_of_a_stream_reports_connections_without_handshakes() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let stream = StreamBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap();
    let address = stream.last_endpoint().unwrap().to_string();
    let monitor = stream.monitor(EventSet::ALL).unwrap();
    drop(TcpStream::connect(address.strip_prefix("tcp://").unwrap()).unwrap());
    assert_eq!(monitor.recv().unwrap().kind(), EventKind::Accepted);
    let end = monitor.recv().unwrap();
    assert_eq!(
        (end.kind(), end.reason()),
        (EventKind::Disconnected, Some(DisconnectReason::ClosedByPeer))
    );
}

#[test]
fn monitor_reports_a_peer_of_the_wrong_type_and_the_reconnect() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let at = ctx.handle();
    let wrong = PubBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(at).unwrap();
    let endpoint = wrong.last_endpoint().unwrap();
    let push =
        PushBuilder::new().reconnect_interval(Duration::from_millis(1)).with_ctx(at).unwrap();
    let monitor = push.monitor(EventSet::ALL).unwrap();
    push.connect(&endpoint).unwrap();
    let invalid = EventKind::HandshakeFailedProtocol(ProtocolError::InvalidMetadata);
    next(&monitor, |kind| kind == invalid);
    next(&monitor, |kind| matches!(kind, EventKind::ConnectRetried(_)));
    drop(wrong);
    let right = retry(|| PullBuilder::new().bind(&endpoint).with_ctx(at).ok());
    push.send("at last").unwrap();
    assert_eq!(right.recv_msg().unwrap().to_str(), Ok("at last"));
    next(&monitor, |kind| kind == EventKind::HandshakeSucceeded);
}

#[test]
fn monitor_reports_a_server_that_closes_the_connection() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let stranger = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::with_ctx(ctx.handle()).unwrap();
    let monitor = client.monitor(EventSet::ALL).unwrap();
    client.connect(format!("tcp://{}", stranger.local_addr().unwrap())).unwrap();
    drop(stranger.accept().unwrap());
    let delayed = monitor.recv().unwrap();
    assert_eq!(delayed.kind(), EventKind::ConnectDelayed);
    assert_eq!(monitor.recv().unwrap().kind(), EventKind::Connected);
    let failed = monitor.recv().unwrap();
    assert!(is_cut(failed.kind()), "{failed}");
    assert_eq!(monitor.recv().unwrap().kind(), EventKind::Disconnected);
    assert!(matches!(monitor.recv().unwrap().kind(), EventKind::ConnectRetried(_)));

    // The next attempt fails.
    drop(stranger);
    next(&monitor, |kind| kind == EventKind::Closed);
}

#[test]
fn monitor_reports_failed_authentication_on_both_sides() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let at = ctx.handle();
    // A handshake may take for ever.
    let server = ServerBuilder::new()
        .mechanism(Mechanism::PlainServer)
        .option(opt::HandshakeInterval, None)
        .with_ctx(at)
        .unwrap();
    server.bind("tcp://127.0.0.1:*").unwrap();
    let endpoint = server.last_endpoint().unwrap();
    let client = |password| {
        let creds = PlainClientCreds::new("name", password);
        let client = ClientBuilder::new()
            .mechanism(creds)
            .option(opt::HandshakeInterval, None)
            .with_ctx(at)
            .unwrap();
        let monitor = client.monitor(EventSet::ALL).unwrap();
        client.connect(&endpoint).unwrap();
        (client, monitor)
    };

    // There is no handler. The connection ends as well, and its event must not replace that of the
    // failure.
    let of_failure = server.monitor(EventSet::HANDSHAKE_FAILED).unwrap();
    let (_nobody, of_nobody) = client("password");
    assert!(matches!(
        of_failure.recv().unwrap().kind(),
        EventKind::HandshakeFailed(ErrorKind::NotFound(_))
    ));
    next(&of_nobody, |kind| kind == EventKind::Disconnected);

    let of_server = server.monitor(EventSet::ALL).unwrap();
    AuthClient::with_ctx(at)
        .unwrap()
        .add_plain_registry(PlainClientCreds::new("name", "password"))
        .unwrap();
    let (_refused, of_refused) = client("another");
    next(&of_server, |kind| kind == EventKind::HandshakeFailedAuth(400));
    next(&of_refused, |kind| kind == EventKind::HandshakeFailedAuth(400));
    let (_accepted, of_accepted) = client("password");
    next(&of_server, |kind| kind == EventKind::HandshakeSucceeded);
    next(&of_accepted, |kind| kind == EventKind::HandshakeSucceeded);
}

#[test]
fn monitor_reports_a_failed_accept() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let server = Server::with_ctx(ctx.handle()).unwrap();
    server.set(opt::TcpAcceptFilter, "2001:db8::/32").unwrap();
    let monitor = server.monitor(EventSet::ALL).unwrap();
    server.bind("tcp://127.0.0.1:*").unwrap();
    let endpoint = server.last_endpoint().unwrap();
    assert_eq!(monitor.recv().unwrap().kind(), EventKind::Listening);
    let _client = ClientBuilder::new().connect(&endpoint).with_ctx(ctx.handle()).unwrap();
    let failed = monitor.recv().unwrap();
    assert!(matches!(failed.kind(), EventKind::AcceptFailed(_)), "{failed}");
    assert_eq!(failed.local(), Some(endpoint));
}

/// Each bind is one event from this thread, and each end of one is another from an I/O thread.
#[test]
fn unread_monitor_blocks_nothing_and_counts_lost_events() {
    const TIMES: u64 = 8000;

    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let server = Server::with_ctx(ctx.handle()).unwrap();
    let mut monitor = server.monitor(EventSet::LISTENING | EventSet::CLOSED).unwrap();
    for _ in 1..TIMES {
        server.bind("tcp://127.0.0.1:*").unwrap();
        server.unbind(server.last_endpoint().unwrap()).unwrap();
    }
    // The I/O thread is not blocked either.
    server.bind("tcp://127.0.0.1:*").unwrap();
    let client = ClientBuilder::new()
        .connect(server.last_endpoint().unwrap())
        .with_ctx(ctx.handle())
        .unwrap();
    crate::common::greet(&server, &client);
    assert_eq!(monitor.missed(), Some(0));
    drop(server);

    let (mut read, mut missed) = (0, 0);
    for event in monitor.by_ref() {
        read += 1;
        missed += event.missed().unwrap();
    }
    assert!((1000..2 * TIMES).contains(&read), "{read}");
    assert_eq!(read + monitor.missed().unwrap(), 2 * TIMES);
    // Some may be reported by the event `Stopped`, which the iterator does not return.
    assert!(missed <= monitor.missed().unwrap());
}

/// The next event reports them, once.
#[test]
fn monitor_reports_lost_events_with_the_next_event() {
    const TIMES: u64 = 12_000;

    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let (first, second) =
        (Router::with_ctx(ctx.handle()).unwrap(), Router::with_ctx(ctx.handle()).unwrap());
    first.bind("tcp://127.0.0.1:*").unwrap();
    let taken = first.last_endpoint().unwrap();
    let fail = || assert_eq!(second.bind(&taken).unwrap_err().kind(), ErrorKind::AddrInUse);
    let monitor = second.monitor(EventSet::BIND_FAILED).unwrap();
    (0..TIMES).for_each(|_| fail());
    let mut read = 0;
    while monitor.try_recv().is_ok() {
        read += 1;
    }
    assert_eq!(monitor.missed(), Some(0));
    let mut tried = TIMES;
    let told = crate::common::retry(|| {
        fail();
        tried += 1;
        monitor.try_recv().ok()
    });
    let missed = told.missed().unwrap();
    assert_eq!(read + missed + 1, tried);
    assert_eq!(monitor.missed(), Some(missed));
    fail();
    assert_eq!(monitor.recv().unwrap().missed(), Some(0));
}

#[test]
fn monitors_and_sockets_end_in_any_order() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let router = Router::with_ctx(ctx.handle()).unwrap();
    let first = router.monitor(EventSet::LISTENING).unwrap();
    let second = router.monitor(EventSet::LISTENING).unwrap();
    // The second replaces the first.
    assert_eq!(first.recv().unwrap().kind(), EventKind::Stopped);
    drop(first);
    router.bind("tcp://127.0.0.1:*").unwrap();
    assert_eq!(second.recv().unwrap().kind(), EventKind::Listening);
    drop(second);
    router.bind("tcp://127.0.0.1:*").unwrap();

    let third = router.monitor(EventSet::LISTENING).unwrap();
    assert_eq!(third.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(third.recv_event_timeout(Duration::from_millis(20)).unwrap(), None);
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
fn poller_reports_a_readable_monitor() {
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
