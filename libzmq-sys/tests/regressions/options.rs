//! Options that a type of socket has from another one.

use std::io::{Read, Write};

use crate::wire;
use crate::zmq::*;

/// Every type that has connections, and its peer.
const KINDS: [(u32, u32); 21] = [
    (ZMQ_PAIR, ZMQ_PAIR),
    (ZMQ_PUB, ZMQ_SUB),
    (ZMQ_SUB, ZMQ_PUB),
    (ZMQ_REQ, ZMQ_REP),
    (ZMQ_REP, ZMQ_REQ),
    (ZMQ_DEALER, ZMQ_DEALER),
    (ZMQ_DEALER, ZMQ_ROUTER),
    (ZMQ_ROUTER, ZMQ_DEALER),
    (ZMQ_PULL, ZMQ_PUSH),
    (ZMQ_PUSH, ZMQ_PULL),
    (ZMQ_XPUB, ZMQ_XSUB),
    (ZMQ_XSUB, ZMQ_XPUB),
    (ZMQ_STREAM, ZMQ_STREAM),
    (ZMQ_SERVER, ZMQ_CLIENT),
    (ZMQ_CLIENT, ZMQ_SERVER),
    (ZMQ_RADIO, ZMQ_DISH),
    (ZMQ_DISH, ZMQ_RADIO),
    (ZMQ_GATHER, ZMQ_SCATTER),
    (ZMQ_SCATTER, ZMQ_GATHER),
    (ZMQ_PEER, ZMQ_PEER),
    (ZMQ_CHANNEL, ZMQ_CHANNEL),
];

/// Options that only some types know, or that change what a queue holds.
const SPECIFIC: [u32; 26] = [
    ZMQ_ROUTER_RAW,
    ZMQ_ROUTER_MANDATORY,
    ZMQ_ROUTER_HANDOVER,
    ZMQ_ROUTER_NOTIFY,
    ZMQ_PROBE_ROUTER,
    ZMQ_CONNECT_ROUTING_ID,
    ZMQ_ROUTING_ID,
    ZMQ_REQ_CORRELATE,
    ZMQ_REQ_RELAXED,
    ZMQ_STREAM_NOTIFY,
    ZMQ_SUBSCRIBE,
    ZMQ_UNSUBSCRIBE,
    ZMQ_INVERT_MATCHING,
    ZMQ_ONLY_FIRST_SUBSCRIBE,
    ZMQ_XSUB_VERBOSE_UNSUBSCRIBE,
    ZMQ_XPUB_VERBOSE,
    ZMQ_XPUB_VERBOSER,
    ZMQ_XPUB_MANUAL,
    ZMQ_XPUB_MANUAL_LAST_VALUE,
    ZMQ_XPUB_NODROP,
    ZMQ_XPUB_WELCOME_MSG,
    ZMQ_HELLO_MSG,
    ZMQ_DISCONNECT_MSG,
    ZMQ_HICCUP_MSG,
    ZMQ_CONFLATE,
    ZMQ_IMMEDIATE,
];

/// Whatever a socket takes, it sends and receives without an end of the process.
fn talk(socket: Sock) {
    let mut group = Msg::new(b"body");
    assert_eq!(group.set_group("group"), Ok(0));
    let _ = socket.send_msg(group, DONTWAIT);
    for (body, flags) in [(&b"\x01body"[..], SNDMORE), (b"", SNDMORE), (b"body", 0), (b"", 0)] {
        let _ = socket.send(body, flags | DONTWAIT);
    }
    for _ in 0..4 {
        if let Ok(msg) = socket.recv(DONTWAIT) {
            let more = if socket.get(ZMQ_RCVMORE) == 1 { SNDMORE } else { 0 };
            let _ = socket.send_msg(msg, more | DONTWAIT);
        }
    }
}

cases! {
    fn no_type_aborts_with_options_of_another_type() {
        let ctx = Ctx::new();
        for ((kind, peer), option) in
            KINDS.into_iter().flat_map(|kinds| SPECIFIC.map(|option| (kinds, option)))
        {
            for transport in [&apart("tcp"), "inproc://x"] {
                let (socket, other) = (ctx.socket(kind), ctx.socket(peer));
                let _ = socket.try_set(option, &1_i32.to_ne_bytes());
                if socket.bind(transport).is_ok() {
                    let _ = other.join("group");
                    let _ = other.try_set(ZMQ_SUBSCRIBE, b"");
                    assert_eq!(other.connect(&socket.last_endpoint()), Ok(0));
                    for _ in 0..3 {
                        talk(other);
                        std::thread::yield_now();
                        talk(socket);
                    }
                }
                other.close();
                talk(socket);
                let _ = socket.try_set(option, &0_i32.to_ne_bytes());
                talk(socket);
                socket.close();
            }
        }
        assert_eq!(ctx.term(), Ok(0));
    }

    fn rep_refuses_what_only_a_router_can_do() {
        let rep = Ctx::new().socket(ZMQ_REP);
        for option in [ZMQ_ROUTER_MANDATORY, ZMQ_ROUTER_RAW] {
            assert_eq!(rep.try_set(option, &1_i32.to_ne_bytes()), Err(EINVAL));
        }
        rep.set(ZMQ_ROUTER_HANDOVER, 1);
    }

    fn rep_drops_the_reply_to_a_peer_that_has_gone_whatever_its_options() {
        let ctx = Ctx::new();
        let rep = ctx.socket(ZMQ_REP);
        for option in [ZMQ_ROUTER_MANDATORY, ZMQ_ROUTER_HANDOVER, ZMQ_PROBE_ROUTER] {
            let _ = rep.try_set(option, &1_i32.to_ne_bytes());
        }
        let endpoint = rep.bound(&apart("tcp"));
        let mut peer = wire::introduced(&endpoint, &wire::hello("DEALER"), b"REP");
        let request = [wire::frame(wire::MORE, b""), wire::frame(0, b"request")].concat();
        peer.write_all(&request.repeat(2)).expect("taken");
        peer.shutdown(std::net::Shutdown::Write).expect("an open connection");
        wire::rest(&mut peer);
        settle();
        for _ in 0..2 {
            assert_eq!(rep.recv_within(SOON).expect("a request").body(), b"request");
            assert_eq!(rep.send(b"reply", 0), Ok(5));
        }
    }

    fn raw_router_sends_nothing_for_an_empty_message() {
        let ctx = Ctx::new();
        let router = ctx.socket(ZMQ_ROUTER);
        router.set(ZMQ_ROUTER_RAW, 1);
        router.set(ZMQ_PROBE_ROUTER, 1);
        let mut peer = wire::peer(&router.bound(&apart("tcp")), b"bytes");
        // The first message notifies of the connection.
        assert_eq!(router.multipart()[1], b"");
        let frames = router.multipart();
        assert_eq!(frames[1], b"bytes");
        assert_eq!(router.send(&frames[0], SNDMORE), Ok(frames[0].len()));
        assert_eq!(router.send(b"answer", 0), Ok(6));
        let mut answer = [0; 6];
        peer.read_exact(&mut answer).expect("an answer");
        assert_eq!(&answer, b"answer");
    }

    fn router_speaks_zmtp_after_raw_was_switched_off() {
        let ctx = Ctx::new();
        let router = ctx.socket(ZMQ_ROUTER);
        router.set(ZMQ_ROUTER_RAW, 1);
        router.set(ZMQ_ROUTER_RAW, 0);
        let endpoint = router.bound(&apart("tcp"));
        let mut peer = wire::introduced(&endpoint, &wire::hello("DEALER"), b"Identity\0\0\0\0");
        peer.write_all(&wire::frame(0, b"message")).expect("taken");
        let frames = router.multipart();
        assert_eq!(frames[1], b"message");
        for body in [&b""[..], b"last"] {
            assert_eq!(router.send(&frames[0], SNDMORE), Ok(frames[0].len()));
            assert_eq!(router.send(body, 0), Ok(body.len()));
        }
        wire::read_until(&mut peer, b"\0\0\0\x04last");
    }
}
