//! The WebSocket subprotocol that two peers agree on.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use crate::websockets::{BINARY, frame, has_ws, push_gets_through, upgrade, upgraded};
use crate::wire;
use crate::zmq::*;

/// The answer of a server that takes these protocols, a header for each.
fn switching(protocols: &[&str]) -> Vec<u8> {
    let protocols = protocols.iter().map(|name| format!("Sec-WebSocket-Protocol: {name}\r\n"));
    let head = "HTTP/1.1 101 Switching Protocols\r\n\
                Upgrade: websocket\r\n\
                Connection: Upgrade\r\n\
                Sec-WebSocket-Accept: unchecked\r\n";
    format!("{head}{}\r\n", protocols.collect::<String>()).into_bytes()
}

/// A frame of a server, which masks nothing.
fn unmasked(body: &[u8]) -> Vec<u8> {
    let size = u8::try_from(body.len()).expect("a short body");
    [&[0x80 | BINARY, size], body].concat()
}

/// The connection of `pull` to a server, and the protocols that it offers.
fn asked(pull: Sock) -> (TcpStream, String) {
    let (listener, endpoint) = wire::listener();
    assert_eq!(pull.connect(&endpoint.replace("tcp://", "ws://")), Ok(0));
    let mut peer = wire::accept(&listener);
    let request = String::from_utf8(wire::read_until(&mut peer, b"\r\n\r\n")).expect("text");
    let offer = request.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Protocol: "));
    (peer, offer.expect("an offer").to_owned())
}

/// Sockets that require authentication, one for each way.
fn askers(ctx: Ctx) -> [Sock; 3] {
    let zap = ctx.socket(ZMQ_ROUTER);
    assert_eq!(zap.bind("inproc://zeromq.zap.01"), Ok(0));
    let [domain, enforced, plain] = std::array::from_fn(|_| ctx.socket(ZMQ_PULL));
    for socket in [domain, enforced] {
        assert_eq!(socket.try_set(ZMQ_ZAP_DOMAIN, b"domain"), Ok(0));
    }
    enforced.set(ZMQ_ZAP_ENFORCE_DOMAIN, 1);
    plain.set(ZMQ_PLAIN_SERVER, 1);
    [domain, enforced, plain]
}

fn receives_nothing(pull: Sock) {
    assert_eq!(pull.recv_within(Duration::from_millis(100)).err(), Some(EAGAIN));
}

cases! {
    fn ws_peer_without_a_mechanism_is_refused_if_a_zap_domain_is_set() {
        if !has_ws() {
            return;
        }
        for (index, pull) in askers(Ctx::new()).into_iter().enumerate() {
            let endpoint = pull.bound("ws://127.0.0.1:*");
            for protocol in ["ZWS2.0", " ZWS2.0,ZWS2.0", "other, ZWS2.0"] {
                let says =
                    [upgrade(protocol), frame(BINARY, b"\0"), frame(BINARY, b"\0in")].concat();
                let mut peer = wire::peer(endpoint.trim_end_matches('/'), &says);
                assert_eq!(wire::rest(&mut peer), b"", "socket {index}, {protocol}");
            }
            receives_nothing(pull);
        }
    }

    fn ws_peer_that_offers_a_mechanism_last_uses_it_if_a_zap_domain_is_set() {
        if !has_ws() {
            return;
        }
        let [domain, ..] = askers(Ctx::new());
        let endpoint = domain.bound("ws://127.0.0.1:*");
        let says = upgrade("ZWS2.0, ZWS2.0/NULL");
        let mut peer = wire::peer(endpoint.trim_end_matches('/'), &says);
        wire::read_until(&mut peer, b"Sec-WebSocket-Protocol: ZWS2.0/NULL\r\n\r\n");
    }

    fn ws_server_without_a_mechanism_is_refused_if_a_zap_domain_is_set() {
        if !has_ws() {
            return;
        }
        for pull in askers(Ctx::new()) {
            let (mut peer, offer) = asked(pull);
            assert!(!offer.split(',').any(|name| name.trim() == "ZWS2.0"), "{offer}");
            let says = [switching(&["ZWS2.0"]), unmasked(b"\0"), unmasked(b"\0in")].concat();
            peer.write_all(&says).expect("taken");
            assert_eq!(wire::rest(&mut peer), b"");
            receives_nothing(pull);
        }
    }

    fn ws_server_that_answers_two_subprotocols_is_refused() {
        if !has_ws() {
            return;
        }
        for protocols in [["ZWS2.0", "ZWS2.0/NULL"], ["ZWS2.0/NULL", "ZWS2.0"]] {
            let pull = Ctx::new().socket(ZMQ_PULL);
            let (mut peer, _) = asked(pull);
            peer.write_all(&switching(&protocols)).expect("taken");
            assert_eq!(wire::rest(&mut peer), b"", "{protocols:?}");
        }
    }

    fn ws_peer_without_a_mechanism_is_served_without_a_zap_domain() {
        if !has_ws() {
            return;
        }
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        let (endpoint, mut peer) = upgraded(pull, "ZWS2.0");
        peer.write_all(&[frame(BINARY, b"\0"), frame(BINARY, b"\0in")].concat()).expect("taken");
        assert_eq!(pull.recv_within(SOON).expect("a message").body(), b"in");
        push_gets_through(ctx, &endpoint, pull);

        let pull = ctx.socket(ZMQ_PULL);
        let (mut peer, offer) = asked(pull);
        assert_eq!(offer, "ZWS2.0/NULL,ZWS2.0");
        let says = [switching(&["ZWS2.0"]), unmasked(b"\0"), unmasked(b"\0in")].concat();
        peer.write_all(&says).expect("taken");
        assert_eq!(pull.recv_within(SOON).expect("a message").body(), b"in");
    }

    fn ws_client_offers_the_subprotocol_of_its_option() {
        if !has_ws() {
            return;
        }
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        assert_eq!(pull.get(ZMQ_WS_NO_MECHANISM), 0);
        pull.set(ZMQ_WS_NO_MECHANISM, 1);
        assert_eq!(pull.get(ZMQ_WS_NO_MECHANISM), 1);
        let (mut peer, offer) = asked(pull);
        assert_eq!(offer, "ZWS2.0");
        let says = [switching(&["ZWS2.0"]), unmasked(b"\0"), unmasked(b"\0in")].concat();
        peer.write_all(&says).expect("taken");
        assert_eq!(pull.recv_within(SOON).expect("a message").body(), b"in");

        // Peers are authenticated all the same.
        let offers = ["ZWS2.0/NULL", "ZWS2.0/NULL", "ZWS2.0/PLAIN"];
        for (pull, expected) in askers(ctx).into_iter().zip(offers) {
            pull.set(ZMQ_WS_NO_MECHANISM, 1);
            let (_peer, offer) = asked(pull);
            assert_eq!(offer, expected);
        }
    }
}
