//! WebSocket peers without a mechanism, and handshakes that do not end.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use crate::wire;
use crate::zmq::*;

/// A request to speak that protocol.
pub(crate) fn upgrade(protocol: &str) -> Vec<u8> {
    let headers = [
        "GET / HTTP/1.1",
        "Host: here",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        &format!("Sec-WebSocket-Protocol: {protocol}"),
        "",
        "",
    ];
    headers.join("\r\n").into_bytes()
}

/// A frame of a client. A mask of zeros leaves what it masks as it is.
pub(crate) fn frame(opcode: u8, body: &[u8]) -> Vec<u8> {
    let size = u8::try_from(body.len()).expect("a short body");
    [&[0x80 | opcode, 0x80 | size, 0, 0, 0, 0], body].concat()
}

pub(crate) const BINARY: u8 = 2;

/// A bound PULL, and a peer that its answer to the request has come to.
pub(crate) fn upgraded(pull: Sock, protocol: &str) -> (String, TcpStream) {
    let endpoint = pull.bound("ws://127.0.0.1:*");
    let address = endpoint.trim_end_matches('/').to_owned();
    let mut peer = wire::peer(&address, &upgrade(protocol));
    wire::read_until(&mut peer, b"\r\n\r\n");
    (endpoint, peer)
}

pub(crate) fn push_gets_through(ctx: Ctx, endpoint: &str, pull: Sock) {
    let push = ctx.socket(ZMQ_PUSH);
    assert_eq!(push.connect(endpoint), Ok(0));
    wire::gets_through(push, pull);
}

pub(crate) fn has_ws() -> bool {
    c!(zmq_has(c"WS".as_ptr())) != 0
}

cases! {
    fn ws_peer_without_a_mechanism_receives_heartbeats() {
        if !has_ws() {
            return;
        }
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        pull.set(ZMQ_HEARTBEAT_IVL, 20);
        pull.set(ZMQ_HEARTBEAT_TIMEOUT, 60_000);
        let (endpoint, mut peer) = upgraded(pull, "ZWS2.0");
        peer.write_all(&frame(BINARY, b"\0")).expect("taken");
        // Two pings, so that the first was followed by something.
        wire::read_until(&mut peer, b"\x89\0");
        wire::read_until(&mut peer, b"\x89\0");
        peer.write_all(&[frame(10, b""), frame(BINARY, b"\0still here")].concat()).expect("taken");
        assert_eq!(pull.recv_within(SOON).expect("a message").body(), b"still here");
        push_gets_through(ctx, &endpoint, pull);
    }

    fn ws_heartbeat_does_not_take_the_place_of_the_routing_id() {
        if !has_ws() {
            return;
        }
        let pull = Ctx::new().socket(ZMQ_PULL);
        pull.set(ZMQ_HEARTBEAT_IVL, 1);
        pull.set(ZMQ_HEARTBEAT_TIMEOUT, 60_000);
        let endpoint = pull.bound("ws://127.0.0.1:*");
        // Enough to keep the I/O thread busy for longer than an interval.
        let mut peers: Vec<_> =
            (0..200).map(|_| wire::peer(endpoint.trim_end_matches('/'), b"")).collect();
        let request = upgrade("ZWS2.0");
        for peer in &mut peers {
            peer.write_all(&request).expect("taken");
        }
        for peer in &mut peers {
            wire::read_until(peer, b"\r\n\r\n");
            wire::read_until(peer, b"\x82\x01\0");
        }
    }

    fn ws_peer_without_a_mechanism_that_ignores_heartbeats_is_disconnected() {
        if !has_ws() {
            return;
        }
        let pull = Ctx::new().socket(ZMQ_PULL);
        pull.set(ZMQ_HEARTBEAT_IVL, 20);
        pull.set(ZMQ_HEARTBEAT_TIMEOUT, 200);
        let (_, mut peer) = upgraded(pull, "ZWS2.0");
        peer.write_all(&frame(BINARY, b"\0")).expect("taken");
        wire::rest(&mut peer);
    }

    fn ws_peer_without_a_mechanism_that_answers_heartbeats_stays_connected() {
        if !has_ws() {
            return;
        }
        let pull = Ctx::new().socket(ZMQ_PULL);
        pull.set(ZMQ_HEARTBEAT_IVL, 50);
        pull.set(ZMQ_HEARTBEAT_TIMEOUT, 2000);
        let (_, mut peer) = upgraded(pull, "ZWS2.0");
        peer.write_all(&frame(BINARY, b"\0")).expect("taken");
        let start = std::time::Instant::now();
        while start.elapsed() < Duration::from_millis(3000) {
            wire::read_until(&mut peer, b"\x89\0");
            peer.write_all(&frame(10, b"")).expect("taken");
        }
        peer.write_all(&frame(BINARY, b"\0still here")).expect("taken");
        assert_eq!(pull.recv_within(SOON).expect("a message").body(), b"still here");
    }

    fn ws_peer_that_never_ends_its_request_times_out() {
        if !has_ws() {
            return;
        }
        let pull = Ctx::new().socket(ZMQ_PULL);
        pull.set(ZMQ_HANDSHAKE_IVL, 100);
        let endpoint = pull.bound("ws://127.0.0.1:*");
        let mut peer = wire::peer(endpoint.trim_end_matches('/'), b"GET / HTTP/1.1\r\nHost: ");
        wire::rest(&mut peer);
    }

    fn ping_read_after_a_reset_with_a_full_queue_does_not_abort() {
        if !has_ws() {
            return;
        }
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        pull.set(ZMQ_RCVHWM, 1);
        let (endpoint, mut peer) = upgraded(pull, "ZWS2.0/NULL");
        let mut says = frame(
            BINARY,
            &[&[2][..], b"\x05READY", &wire::property("Socket-Type", b"PUSH")].concat(),
        );
        (0..10).for_each(|_| says.extend(frame(BINARY, b"\0message")));
        says.extend(
            [frame(9, b"ping"), frame(8, b"\x03\xe8"), frame(BINARY, b"\0message")].concat(),
        );
        peer.write_all(&says).expect("taken");
        assert!(pull.recv_within(SOON).is_ok());
        // It has not read that the socket is ready: for the kernel that is a reset.
        drop(peer);
        settle();
        while pull.recv_within(QUIET).is_ok() {}
        push_gets_through(ctx, &endpoint, pull);
    }
}
