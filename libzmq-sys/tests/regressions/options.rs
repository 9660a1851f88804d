//! Options that a type of socket has from another one.

use std::io::{Read, Write};

use crate::wire;
use crate::zmq::*;

cases! {
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
