//! When a socket reconnects, and when it does not.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

use crate::wire;
use crate::zmq::*;

#[cfg(unix)]
fn ipc_endpoint() -> String {
    let file = std::env::temp_dir().join(format!("libzmq-regression-{}", std::process::id()));
    // A case that failed leaves its file, and a later process may have its number.
    let _ = std::fs::remove_file(&file);
    format!("ipc://{}", file.display())
}

/// Leaves memory behind in which no byte is zero, for what is made next.
#[cfg(unix)]
fn soil_the_heap() {
    let used: Vec<_> = (0..4000).map(|size| vec![0xff_u8; size * 4]).collect();
    drop(std::hint::black_box(used));
}

/// Long enough for several retries of a socket that retries each millisecond.
const SOME_RETRIES: Duration = Duration::from_millis(50);

/// A socket that connects again quickly, and where it has connected to.
fn connected(ctx: Ctx, kind: impl Into<i64>) -> (Sock, TcpListener) {
    let socket = ctx.socket(kind);
    socket.set(ZMQ_RECONNECT_IVL, 1);
    // To a peer of version 1.0, HTTP is the beginning of a long name.
    socket.set(ZMQ_HANDSHAKE_IVL, 500);
    let (listener, endpoint) = wire::listener();
    assert_eq!(socket.connect(&endpoint), Ok(0));
    (socket, listener)
}

/// How often the socket meets a peer of the wrong type within that time.
fn met_by_the_wrong_type(listener: &TcpListener, time: Duration) -> usize {
    listener.set_nonblocking(true).expect("an option");
    let (start, mut met) = (Instant::now(), 0);
    while start.elapsed() < time {
        if let Ok((mut peer, _)) = listener.accept() {
            met += 1;
            peer.set_nonblocking(false).expect("an option");
            peer.write_all(&wire::hello("PUB")).expect("taken");
            wire::rest(&mut peer);
        }
        thread::sleep(Duration::from_millis(1));
    }
    met
}

/// Waits for some more retries than the monitor has reported.
#[cfg(unix)]
fn some_more(retries: Sock) {
    while retries.recv(DONTWAIT).is_ok() {}
    // The first may have begun before.
    (0..4).for_each(|_| assert_eq!(u32::from(retries.event()), ZMQ_EVENT_CONNECT_RETRIED));
}

cases! {
    #[cfg(unix)]
    fn reconnect_stop_after_disconnect_keeps_connections_that_were_not_disconnected() {
        soil_the_heap();
        let (ctx, endpoint) = (Ctx::new(), ipc_endpoint());
        let push = ctx.socket(ZMQ_PUSH);
        push.set(ZMQ_RECONNECT_STOP, ZMQ_RECONNECT_STOP_AFTER_DISCONNECT as i32);
        push.set(ZMQ_RECONNECT_IVL, 1);
        let retries = push.monitor(ctx, ZMQ_EVENT_CONNECT_RETRIED);
        assert_eq!(push.connect("ipc:///nowhere/at/all"), Ok(0));
        assert_eq!(push.connect(&endpoint), Ok(0));
        some_more(retries);
        // That is the end of one, and not of the other.
        assert_eq!(push.disconnect("ipc:///nowhere/at/all"), Ok(0));
        // A refusal there means that the listener has gone.
        drop(std::os::unix::net::UnixListener::bind(&endpoint[6..]).expect("a listener"));
        some_more(retries);
        std::fs::remove_file(&endpoint[6..]).expect("a socket");
        let pull = ctx.socket(ZMQ_PULL);
        assert_eq!(pull.bind(&endpoint), Ok(0));
        wire::gets_through(push, pull);
    }

    fn reconnect_stop_after_disconnect_does_not_reconnect_for_waiting_messages() {
        for (stop, reconnects) in [(0, true), (ZMQ_RECONNECT_STOP_AFTER_DISCONNECT, false)] {
            let ctx = Ctx::new();
            let push = ctx.socket(ZMQ_PUSH);
            push.set(ZMQ_LINGER, -1);
            push.set(ZMQ_RECONNECT_IVL, 1);
            push.set(ZMQ_RECONNECT_STOP, i32::try_from(stop).expect("fits"));
            // A port that refuses connections, and that no other process is given.
            let (listener, endpoint) = wire::listener();
            let address = listener.local_addr().expect("an address");
            drop(listener);
            assert_eq!(push.connect(&endpoint), Ok(0));
            assert_eq!(push.send(b"x", 0), Ok(1));
            assert_eq!(push.disconnect(&endpoint), Ok(0));
            // A retry that has begun is refused too.
            thread::sleep(SOME_RETRIES);
            settle();
            let listener = TcpListener::bind(address).expect("the port");
            if reconnects {
                wire::accept(&listener);
            } else {
                assert_eq!(met_by_the_wrong_type(&listener, QUIET), 0);
            }
            push.set(ZMQ_LINGER, 0);
            push.close();
        }
    }

    /// The address exists, but has no listener.
    #[cfg(unix)]
    fn reconnect_stop_conn_refused_works_over_every_transport() {
        let unused = || wire::listener_at(Ipv4Addr::LOCALHOST).1;
        let ipc = ipc_endpoint();
        drop(std::os::unix::net::UnixListener::bind(&ipc[6..]).expect("a listener"));
        let ws = format!("ws{}/", unused().trim_start_matches("tcp"));
        let has_ws = c!(zmq_has(c"WS".as_ptr())) != 0;
        let by_name = unused().replace("127.0.0.1", "localhost");
        let endpoints = [unused(), by_name, ipc.clone(), ws];
        for endpoint in endpoints.into_iter().take(if has_ws { 4 } else { 3 }) {
            let ctx = Ctx::new();
            let push = ctx.socket(ZMQ_PUSH);
            push.set(ZMQ_RECONNECT_STOP, ZMQ_RECONNECT_STOP_CONN_REFUSED as i32);
            push.set(ZMQ_RECONNECT_IVL, 1);
            let events = push.monitor(ctx, ZMQ_EVENT_CLOSED | ZMQ_EVENT_CONNECT_RETRIED);
            assert_eq!(push.connect(&endpoint), Ok(0));
            assert_eq!(u32::from(events.event()), ZMQ_EVENT_CLOSED, "{endpoint}");
            assert!(events.recv_within(QUIET).is_err(), "{endpoint}");
            // The socket has forgotten it.
            push.process();
            assert_eq!(push.disconnect(&endpoint), Err(ENOENT));
        }
        std::fs::remove_file(&ipc[6..]).expect("a socket");
    }

    fn socket_reconnects_after_a_peer_of_the_wrong_type() {
        let http = b"HTTP/1.0 502 Bad Gateway\r\n\r\n".to_vec();
        let wrong = [wire::hello("REP"), wire::greeting("PLAIN"), http];
        let types =
            [(ZMQ_PULL, "PUSH"), (ZMQ_PAIR, "PAIR"), (ZMQ_SUB, "PUB"), (ZMQ_CLIENT, "SERVER")];
        for (kind, right) in types {
            let ctx = Ctx::new();
            let (socket, listener) = connected(ctx, kind);
            if kind == ZMQ_SUB {
                assert_eq!(socket.try_set(ZMQ_SUBSCRIBE, b""), Ok(0));
            }
            for wrong in &wrong {
                let mut peer = wire::accept(&listener);
                peer.write_all(wrong).expect("taken");
                wire::rest(&mut peer);
            }
            let mut peer = wire::accept(&listener);
            peer.write_all(&wire::hello(right)).expect("taken");
            wire::read_until(&mut peer, b"READY");
            peer.write_all(&wire::frame(0, b"at last")).expect("taken");
            let msg = socket.recv_within(SOON);
            assert_eq!(msg.map(|msg| msg.body().to_vec()), Ok(b"at last".to_vec()), "{right}");
        }
    }

    fn req_reconnects_after_a_protocol_error() {
        let ctx = Ctx::new();
        let (req, listener) = connected(ctx, ZMQ_REQ);
        req.set(ZMQ_REQ_RELAXED, 1);
        let mut peer = wire::accept(&listener);
        peer.write_all(&wire::hello("REP")).expect("taken");
        assert_eq!(req.send(b"?", 0), Ok(1));
        wire::read_until(&mut peer, b"?");
        // An answer without its delimiter.
        peer.write_all(&wire::frame(0, b"!")).expect("taken");
        wire::rest(&mut peer);
        let mut peer = wire::accept(&listener);
        peer.write_all(&wire::hello("REP")).expect("taken");
        wire::read_until(&mut peer, NAMELESS);
        assert_eq!(req.send(b"again", 0), Ok(5));
        wire::read_until(&mut peer, b"again");
        let answer = [wire::frame(wire::MORE, b""), wire::frame(0, b"!")].concat();
        peer.write_all(&answer).expect("taken");
        assert_eq!(req.multipart(), [b"!"]);
    }

    fn reconnect_stop_handshake_failed_allows_another_connect() {
        let ctx = Ctx::new();
        let dealer = ctx.socket(ZMQ_DEALER);
        dealer.set(ZMQ_RECONNECT_IVL, 1);
        dealer.set(ZMQ_RECONNECT_STOP, ZMQ_RECONNECT_STOP_HANDSHAKE_FAILED as i32);
        let (listener, endpoint) = wire::listener_at(Ipv4Addr::LOCALHOST);
        let endpoint = endpoint.replace("127.0.0.1", "localhost");
        for _ in 0..2 {
            assert_eq!(dealer.connect(&endpoint), Ok(0));
            assert_eq!(met_by_the_wrong_type(&listener, QUIET), 1);
            dealer.process();
            assert_eq!(dealer.disconnect(&endpoint), Err(ENOENT));
        }
    }

    /// An ERROR command is final: by ZMTP, the same credentials are not to be tried again.
    fn connection_is_given_up_after_an_error_command() {
        for mechanism in ["NULL", "PLAIN"] {
            let ctx = Ctx::new();
            let dealer = ctx.socket(ZMQ_DEALER);
            dealer.set(ZMQ_RECONNECT_IVL, 1);
            if mechanism == "PLAIN" {
                assert_eq!(dealer.try_set(ZMQ_PLAIN_USERNAME, b"user"), Ok(0));
            }
            let (listener, endpoint) = wire::listener();
            assert_eq!(dealer.connect(&endpoint), Ok(0));
            let mut peer = wire::accept(&listener);
            peer.write_all(&wire::greeting(mechanism)).expect("taken");
            let end = if mechanism == "PLAIN" { &b"\x04user\x00"[..] } else { NAMELESS };
            wire::read_until(&mut peer, end);
            peer.write_all(&wire::command("ERROR", b"\x03400")).expect("taken");
            wire::rest(&mut peer);
            let met = met_by_the_wrong_type(&listener, QUIET);
            assert_eq!(met, 0, "{mechanism}");
            dealer.process();
            assert_eq!(dealer.disconnect(&endpoint), Err(ENOENT), "{mechanism}");
        }
    }

    fn closed_socket_does_not_linger_for_a_given_up_connection() {
        let stop = ZMQ_RECONNECT_STOP_CONN_REFUSED as i32;
        for (option, value) in [(ZMQ_RECONNECT_STOP, stop), (ZMQ_RECONNECT_IVL, -1)] {
            let ctx = Ctx::new();
            let push = ctx.socket(ZMQ_PUSH);
            push.set(ZMQ_LINGER, -1);
            push.set(option, value);
            let events = push.monitor(ctx, ZMQ_EVENT_CLOSED | ZMQ_EVENT_DISCONNECTED);
            let (listener, endpoint) = wire::listener();
            // Without a reconnection, the loss of the connection is the end of it.
            let lost = value == -1;
            let peer = if lost {
                assert_eq!(push.connect(&endpoint), Ok(0));
                Some(wire::accept(&listener))
            } else {
                drop(listener);
                assert_eq!(push.connect(&endpoint), Ok(0));
                None
            };
            // Refused already, it has nowhere to go.
            let _ = push.send(b"never sent", DONTWAIT);
            drop(peer);
            events.event();
            settle();
            push.close();
            events.close();
            assert_eq!(ctx.term(), Ok(0));
        }
    }

    fn connection_is_lost_after_immediate_was_switched_off() {
        for [ours, theirs] in [
            [ZMQ_PAIR, ZMQ_PAIR],
            [ZMQ_PUB, ZMQ_SUB],
            [ZMQ_SUB, ZMQ_PUB],
            [ZMQ_REQ, ZMQ_REP],
            [ZMQ_REP, ZMQ_REQ],
            [ZMQ_DEALER, ZMQ_ROUTER],
            [ZMQ_ROUTER, ZMQ_DEALER],
            [ZMQ_PULL, ZMQ_PUSH],
            [ZMQ_PUSH, ZMQ_PULL],
            [ZMQ_XPUB, ZMQ_XSUB],
            [ZMQ_XSUB, ZMQ_XPUB],
            [ZMQ_SERVER, ZMQ_CLIENT],
            [ZMQ_CLIENT, ZMQ_SERVER],
            [ZMQ_RADIO, ZMQ_DISH],
            [ZMQ_DISH, ZMQ_RADIO],
            [ZMQ_GATHER, ZMQ_SCATTER],
            [ZMQ_SCATTER, ZMQ_GATHER],
            [ZMQ_PEER, ZMQ_PEER],
            [ZMQ_CHANNEL, ZMQ_CHANNEL],
        ] {
            let ctx = Ctx::new();
            let [ours, theirs] = [ours, theirs].map(|kind| ctx.socket(kind));
            ours.set(ZMQ_IMMEDIATE, 1);
            let events = ours.monitor(ctx, ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED);
            assert_eq!(ours.connect(&theirs.bound(&apart("tcp"))), Ok(0));
            assert_eq!(u32::from(events.event()), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
            ours.process();
            ours.set(ZMQ_IMMEDIATE, 0);
            theirs.close();
            assert_eq!(u32::from(events.event()), ZMQ_EVENT_DISCONNECTED);
            settle_briefly();
            ours.process();
        }
    }

    /// The report that the connection was given up waits until the socket is being closed.
    fn closing_socket_ignores_that_a_connection_to_itself_was_given_up() {
        let ctx = Ctx::new();
        for _ in 0..100 {
            let push = ctx.socket(ZMQ_PUSH);
            push.set(ZMQ_RECONNECT_STOP, ZMQ_RECONNECT_STOP_HANDSHAKE_FAILED as i32);
            let endpoint = push.bound("tcp://127.0.0.1:*");
            let events = push.monitor(ctx, ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL);
            // No push takes another.
            assert_eq!(push.connect(&endpoint), Ok(0));
            events.event();
            settle_briefly();
            push.close();
            events.close();
        }
        assert_eq!(ctx.term(), Ok(0));
    }

    fn connection_that_is_given_up_leaves_others_to_its_endpoint() {
        let ctx = Ctx::new();
        let push = ctx.socket(ZMQ_PUSH);
        push.set(ZMQ_RECONNECT_IVL, -1);
        let events = push.monitor(ctx, ZMQ_EVENT_DISCONNECTED);
        let (listener, endpoint) = wire::listener();
        let [first, mut second] = [(); 2].map(|()| {
            assert_eq!(push.connect(&endpoint), Ok(0));
            wire::accept(&listener)
        });
        drop(first);
        events.event();
        settle();
        push.process();
        settle();
        assert_eq!(second.set_nonblocking(true).ok(), Some(()));
        let mut rest = Vec::new();
        let end = second.read_to_end(&mut rest).map_err(|error| error.kind());
        assert_eq!(end, Err(std::io::ErrorKind::WouldBlock));

        // No push takes another, and so not itself.
        let bound = ctx.socket(ZMQ_PUSH);
        bound.set(ZMQ_RECONNECT_STOP, ZMQ_RECONNECT_STOP_HANDSHAKE_FAILED as i32);
        let endpoint = bound.bound("tcp://127.0.0.1:*");
        let events = bound.monitor(ctx, ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL);
        assert_eq!(bound.connect(&endpoint), Ok(0));
        events.event();
        settle();
        bound.process();
        let pull = ctx.socket(ZMQ_PULL);
        assert_eq!(pull.connect(&endpoint), Ok(0));
        eventually("room for a message", || bound.send(b"x", DONTWAIT).ok());
        assert!(pull.recv_within(SOON).is_ok());
    }

    fn reconnect_interval_grows_while_handshakes_fail() {
        let ctx = Ctx::new();
        let push = ctx.socket(ZMQ_PUSH);
        push.set(ZMQ_RECONNECT_IVL, 10);
        push.set(ZMQ_RECONNECT_IVL_MAX, 10_000);
        let (listener, endpoint) = wire::listener();
        assert_eq!(push.connect(&endpoint), Ok(0));
        // At once, and after 10, 20, 40 ... ms: without that, more than 30 times.
        let met = met_by_the_wrong_type(&listener, Duration::from_millis(700));
        assert!((2..=8).contains(&met), "{met}");
    }

    fn connection_without_retries_is_given_up_when_the_first_attempt_fails() {
        for transport in ["tcp", "ipc", "ws"] {
            if transport == "ws" && !crate::websockets::has_ws() {
                continue;
            }
            let ctx = Ctx::new();
            let push = ctx.socket(ZMQ_PUSH);
            push.set(ZMQ_LINGER, -1);
            push.set(ZMQ_RECONNECT_IVL, -1);
            let (listener, endpoint) = wire::listener();
            drop(listener);
            let endpoint = match transport {
                #[cfg(unix)]
                "ipc" => ipc_endpoint(),
                "ws" => endpoint.replace("tcp", "ws"),
                _ => endpoint,
            };
            let events = push.monitor(ctx, ZMQ_EVENT_CLOSED);
            assert_eq!(push.connect(&endpoint), Ok(0));
            let _ = push.send(b"never sent", DONTWAIT);
            events.event();
            settle();
            assert_eq!(push.send(b"refused", DONTWAIT), Err(EAGAIN), "{transport}");
            push.close();
            events.close();
            assert_eq!(ctx.term(), Ok(0));
        }
    }
}

/// What a socket that has no routing id of its own says last of all, before it is ready.
const NAMELESS: &[u8] = b"Identity\0\0\0\0";
