//! Connections whose socket is closed or disconnects.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::authentication::{answer, handler};
use crate::wire;
use crate::zmq::*;

/// Whom the connecting sockets ask, and by which mechanism.
#[derive(Clone, Copy)]
enum Handler {
    Absent,
    Quick,
    Slow,
    /// It closes its socket again and again.
    Closing,
}

const NULL: [fn(Sock); 2] =
    [|push| assert_eq!(push.try_set(ZMQ_ZAP_DOMAIN, b"domain"), Ok(0)), |_| ()];

const PLAIN: [fn(Sock); 2] = [
    |push| push.set(ZMQ_PLAIN_SERVER, 1),
    |pull| assert_eq!(pull.try_set(ZMQ_PLAIN_USERNAME, b"user"), Ok(0)),
];

/// PUSH sockets that ask the handler connect to `endpoint`, and give up at every moment of it.
fn churn(ctx: Ctx, endpoint: &str, asks: fn(Sock)) {
    for round in 0..120_u32 {
        let push = ctx.socket(ZMQ_PUSH);
        asks(push);
        push.set(ZMQ_RECONNECT_IVL, 1);
        push.set(ZMQ_LINGER, [0, 1, 20][round as usize % 3]);
        assert_eq!(push.connect(endpoint), Ok(0));
        if round % 2 == 0 {
            let _ = push.send(b"x", DONTWAIT);
        }
        // A moment that differs from round to round.
        thread::sleep(Duration::from_micros(u64::from(round * 37 % 1500)));
        if round % 5 != 0 {
            assert_eq!(push.disconnect(endpoint), Ok(0));
            thread::sleep(Duration::from_micros(u64::from(round * 53 % 700)));
        }
        push.close();
    }
}

fn serve(ctx: Ctx, kind: Handler, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        let zap = ctx.socket(ZMQ_ROUTER);
        // After a close, the endpoint is free a little later.
        eventually("a handler", || zap.bind("inproc://zeromq.zap.01").ok());
        for request in 0.. {
            if stop.load(Ordering::Relaxed) || matches!(kind, Handler::Closing) && request == 5 {
                break;
            }
            let Ok(id) = zap.recv_within(Duration::from_millis(20)) else { continue };
            let mut asked = vec![id.body().to_vec()];
            while zap.get(ZMQ_RCVMORE) == 1 {
                asked.push(zap.recv(0).expect("the next frame").body().to_vec());
            }
            if matches!(kind, Handler::Slow) {
                thread::sleep(Duration::from_millis(2));
            }
            answer(zap, &asked, b"200");
        }
        zap.close();
    }
}

/// Four threads churn on four I/O threads. All of it must end.
fn sockets_give_up(endpoint: &str, [asks, answers]: [fn(Sock); 2], kind: Handler) {
    let ctx = Ctx::new();
    ctx.set(ZMQ_IO_THREADS, 4);
    let pull = ctx.socket(ZMQ_PULL);
    answers(pull);
    let endpoint = &pull.bound(endpoint);
    let stop = &AtomicBool::new(false);
    thread::scope(|scope| {
        if !matches!(kind, Handler::Absent) {
            scope.spawn(move || serve(ctx, kind, stop));
        }
        let busy = [(); 4].map(|()| scope.spawn(|| churn(ctx, endpoint, asks)));
        busy.into_iter().for_each(|thread| thread.join().expect("it ends"));
        stop.store(true, Ordering::Relaxed);
    });
    pull.close();
    assert_eq!(ctx.term(), Ok(0));
}

/// A PUSH that makes the handler be asked, and its peer, after the handshake of that one.
fn asking_push(ctx: Ctx, zap: Sock) -> (Sock, TcpStream, TcpListener) {
    let push = ctx.socket(ZMQ_PUSH);
    assert_eq!(push.try_set(ZMQ_ZAP_DOMAIN, b"domain"), Ok(0));
    let (listener, endpoint) = wire::listener();
    assert_eq!(push.connect(&endpoint), Ok(0));
    let mut peer = wire::accept(&listener);
    peer.write_all(&wire::hello("PULL")).expect("taken");
    answer(zap, &zap.multipart(), b"200");
    wire::read_until(&mut peer, b"PUSH");
    (push, peer, listener)
}

/// Checks that no connection comes.
fn none_comes(listener: &TcpListener) {
    thread::sleep(QUIET);
    listener.set_nonblocking(true).expect("an option");
    let came = listener.accept().map(drop);
    assert_eq!(came.map_err(|e| e.kind()), Err(ErrorKind::WouldBlock));
}

/// Accepts and disconnects at once, until no connection has come for that time.
fn hang_up_on_all(listener: &TcpListener, time: Duration) -> usize {
    listener.set_nonblocking(true).expect("an option");
    let (mut came, mut idle) = (0, Duration::ZERO);
    while idle < time && came < 1000 {
        match listener.accept() {
            Ok(_) => (came, idle) = (came + 1, Duration::ZERO),
            Err(_) => idle += Duration::from_millis(5),
        }
        thread::sleep(Duration::from_millis(5));
    }
    came
}

cases! {
    fn sockets_with_a_zap_handler_end_while_connecting_over_tcp() {
        sockets_give_up("tcp://127.0.0.1:*", NULL, Handler::Quick);
        sockets_give_up("tcp://127.0.0.1:*", PLAIN, Handler::Slow);
    }

    fn sockets_with_a_zap_handler_end_while_connecting_over_ipc() {
        sockets_give_up("ipc://*", NULL, Handler::Quick);
        sockets_give_up("ipc://*", PLAIN, Handler::Quick);
    }

    fn sockets_with_a_zap_handler_end_while_connecting_over_ws() {
        if c!(zmq_has(c"WS".as_ptr())) == 0 {
            return;
        }
        sockets_give_up("ws://127.0.0.1:*", NULL, Handler::Quick);
        sockets_give_up("ws://127.0.0.1:*", PLAIN, Handler::Slow);
    }

    fn sockets_end_while_their_zap_handler_restarts() {
        sockets_give_up("tcp://127.0.0.1:*", NULL, Handler::Closing);
        sockets_give_up("ipc://*", PLAIN, Handler::Closing);
    }

    fn sockets_end_without_a_zap_handler() {
        sockets_give_up("tcp://127.0.0.1:*", NULL, Handler::Absent);
        sockets_give_up("ipc://*", PLAIN, Handler::Absent);
    }

    fn closed_socket_with_a_zap_handler_disconnects_once_all_is_sent() {
        let ctx = Ctx::new();
        let zap = handler(ctx);
        let (push, mut peer, _listener) = asking_push(ctx, zap);
        push.set(ZMQ_LINGER, -1);
        assert_eq!(push.send(b"last", 0), Ok(4));
        push.close();
        assert_eq!(wire::rest(&mut peer), wire::frame(0, b"last"));
        zap.close();
        assert_eq!(ctx.term(), Ok(0));
    }

    fn disconnected_socket_with_a_zap_handler_disconnects_once_all_is_sent() {
        let ctx = Ctx::new();
        let zap = handler(ctx);
        let (push, mut peer, listener) = asking_push(ctx, zap);
        let endpoint = format!("tcp://{}", listener.local_addr().expect("an address"));
        assert_eq!(push.send(b"last", 0), Ok(4));
        push.set(ZMQ_LINGER, 10_000);
        assert_eq!(push.disconnect(&endpoint), Ok(0));
        assert_eq!(wire::rest(&mut peer), wire::frame(0, b"last"));
    }

    /// The answer comes after the close.
    fn closed_socket_sends_its_message_after_a_slow_zap_reply() {
        let ctx = Ctx::new();
        let zap = handler(ctx);
        let push = ctx.socket(ZMQ_PUSH);
        assert_eq!(push.try_set(ZMQ_ZAP_DOMAIN, b"domain"), Ok(0));
        push.set(ZMQ_LINGER, 10_000);
        let (listener, endpoint) = wire::listener();
        assert_eq!(push.connect(&endpoint), Ok(0));
        assert_eq!(push.send(b"last", 0), Ok(4));
        let mut peer = wire::accept(&listener);
        peer.write_all(&wire::hello("PULL")).expect("taken");
        let asked = zap.multipart();
        push.close();
        settle();
        answer(zap, &asked, b"200");
        wire::read_until(&mut peer, &wire::frame(0, b"last"));
    }

    fn closed_socket_without_messages_does_not_wait_for_a_handshake() {
        let ctx = Ctx::new();
        let push = ctx.socket(ZMQ_PUSH);
        push.set(ZMQ_LINGER, -1);
        push.set(ZMQ_HANDSHAKE_IVL, 0);
        let (listener, endpoint) = wire::listener();
        assert_eq!(push.connect(&endpoint), Ok(0));
        let mut peer = wire::accept(&listener);
        peer.read_exact(&mut [0; 10]).expect("a greeting");
        push.close();
        wire::rest(&mut peer);
        assert_eq!(ctx.term(), Ok(0));
    }

    /// The peer begins to read when no more is taken.
    fn closed_socket_sends_all_of_its_last_batch() {
        let messages = [1, 10, 100, 1000].map(|size| vec![b'x'; size]);
        for message in &messages {
            let ctx = Ctx::new();
            let push = ctx.socket(ZMQ_PUSH);
            push.set(ZMQ_LINGER, -1);
            push.set(ZMQ_SNDHWM, 0);
            push.set(ZMQ_SNDBUF, 4096);
            push.set(ZMQ_OUT_BATCH_SIZE, 1 << 20);
            let (listener, endpoint) = wire::listener();
            assert_eq!(push.connect(&endpoint), Ok(0));
            let mut peer = wire::accept(&listener);
            peer.write_all(&wire::hello("PULL")).expect("taken");
            wire::read_until(&mut peer, b"PUSH");
            let size = wire::frame(0, message).len();
            let number = 10_000_000 / size / 10;
            for _ in 0..number {
                assert_eq!(push.send(message, 0), Ok(message.len()));
            }
            push.close();
            let ended = thread::spawn(move || ctx.term());
            settle();
            assert_eq!(wire::rest(&mut peer).len(), number * size);
            assert_eq!(ended.join().expect("it ends"), Ok(0));
        }
    }

    fn closed_socket_lingers_for_the_rest_of_a_message_that_its_peer_does_not_read() {
        let ctx = Ctx::new();
        let push = ctx.socket(ZMQ_PUSH);
        push.set(ZMQ_LINGER, 300);
        let (listener, endpoint) = wire::listener();
        assert_eq!(push.connect(&endpoint), Ok(0));
        let mut peer = wire::accept(&listener);
        peer.write_all(&wire::hello("PULL")).expect("taken");
        wire::read_until(&mut peer, b"PUSH");
        assert_eq!(push.send(&vec![0; 50_000_000], 0), Ok(50_000_000));
        push.close();
        assert_eq!(ctx.term(), Ok(0));
    }

    fn disconnected_socket_stops_connecting() {
        for immediate in [0, 1] {
            let ctx = Ctx::new();
            let push = ctx.socket(ZMQ_PUSH);
            push.set(ZMQ_IMMEDIATE, immediate);
            push.set(ZMQ_LINGER, -1);
            push.set(ZMQ_RECONNECT_IVL, 1);
            let (listener, endpoint) = wire::listener();
            assert_eq!(push.connect(&endpoint), Ok(0));
            drop(wire::accept(&listener));
            drop(wire::accept(&listener));
            assert_eq!(push.disconnect(&endpoint), Ok(0));
            // One may be under way.
            assert!(hang_up_on_all(&listener, Duration::from_millis(300)) < 10);
        }
    }

    fn disconnect_ends_the_connection_without_another_call() {
        for kind in [ZMQ_PUSH, ZMQ_DEALER, ZMQ_SUB, ZMQ_PAIR, ZMQ_REQ, ZMQ_ROUTER, ZMQ_CLIENT] {
            let ctx = Ctx::new();
            let socket = ctx.socket(kind);
            socket.set(ZMQ_LINGER, -1);
            let (listener, endpoint) = wire::listener();
            assert_eq!(socket.connect(&endpoint), Ok(0));
            let mut peer = wire::accept(&listener);
            let other = match kind {
                ZMQ_PUSH => "PULL",
                ZMQ_SUB => "PUB",
                ZMQ_PAIR => "PAIR",
                ZMQ_CLIENT => "SERVER",
                _ => "ROUTER",
            };
            peer.write_all(&wire::hello(other)).expect("taken");
            wire::read_until(&mut peer, b"READY");
            assert_eq!(socket.disconnect(&endpoint), Ok(0));
            wire::rest(&mut peer);
            none_comes(&listener);
        }
    }

    fn unbind_ends_the_connections_without_another_call() {
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        pull.set(ZMQ_LINGER, -1);
        let endpoint = pull.bound("tcp://127.0.0.1:*");
        let mut peer = wire::introduced(&endpoint, &wire::hello("PUSH"), b"PULL");
        assert_eq!(pull.unbind(&endpoint), Ok(0));
        wire::rest(&mut peer);
        let (_, address) = endpoint.split_once("://").expect("an endpoint");
        let refused = TcpStream::connect(address).map(drop).map_err(|e| e.kind());
        assert_eq!(refused, Err(ErrorKind::ConnectionRefused));
    }
}
