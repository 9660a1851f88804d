//! RADIO, DISH and ZAP sockets over inproc, where no handshake compares the socket types.

use crate::zmq::*;

/// Every type but RADIO, DISH, STREAM and DGRAM.
const OTHERS: [u32; 17] = [
    ZMQ_PAIR, ZMQ_PUB, ZMQ_SUB, ZMQ_REQ, ZMQ_REP, ZMQ_DEALER, ZMQ_ROUTER, ZMQ_PULL, ZMQ_PUSH,
    ZMQ_XPUB, ZMQ_XSUB, ZMQ_SERVER, ZMQ_CLIENT, ZMQ_GATHER, ZMQ_SCATTER, ZMQ_PEER, ZMQ_CHANNEL,
];

/// A DISH with a message for each peer.
fn dish(ctx: Ctx) -> Sock {
    let dish = ctx.socket(ZMQ_DISH);
    assert_eq!(dish.join("g"), Ok(0));
    dish
}

cases! {
    fn dish_connects_only_to_radios_over_inproc() {
        let ctx = Ctx::new();
        for kind in OTHERS.into_iter().chain([ZMQ_DISH]) {
            let (dish, other) = (dish(ctx), ctx.socket(kind));
            assert_eq!(dish.bind("inproc://dish"), Ok(0));
            assert_eq!(other.connect("inproc://dish"), Err(ENOCOMPATPROTO), "type {kind}");
            let _ = other.recv(DONTWAIT);
            assert_eq!(other.bind("inproc://other"), Ok(0));
            assert_eq!(dish.connect("inproc://other"), Err(ENOCOMPATPROTO), "type {kind}");
            let _ = other.recv(DONTWAIT);
            for (socket, endpoint) in [(dish, "inproc://dish"), (other, "inproc://other")] {
                assert_eq!(socket.unbind(endpoint), Ok(0));
                socket.close();
            }
        }
        assert_eq!(ctx.term(), Ok(0));
    }

    fn radio_connects_only_to_dishes_over_inproc() {
        let ctx = Ctx::new();
        for kind in OTHERS.into_iter().chain([ZMQ_RADIO]) {
            let (radio, other) = (ctx.socket(ZMQ_RADIO), ctx.socket(kind));
            assert_eq!(radio.bind("inproc://radio"), Ok(0));
            assert_eq!(other.connect("inproc://radio"), Err(ENOCOMPATPROTO), "type {kind}");
            for socket in [radio, other] {
                socket.close();
            }
            let next = ctx.socket(ZMQ_RADIO);
            eventually("the address is free", || {
                next.bind("inproc://radio").and_then(|_| next.unbind("inproc://radio")).ok()
            });
            next.close();
        }
        assert_eq!(ctx.term(), Ok(0));
    }

    /// It connected before the bind, when there was no socket to refuse.
    fn dish_connected_before_the_bind_waits_for_a_radio() {
        let ctx = Ctx::new();
        let dish = dish(ctx);
        assert_eq!(dish.connect("inproc://x"), Ok(0));
        for kind in OTHERS {
            let other = ctx.socket(kind);
            assert_eq!(other.bind("inproc://x"), Ok(0));
            assert!(other.recv(DONTWAIT).is_err(), "type {kind}");
            assert_eq!(other.unbind("inproc://x"), Ok(0));
            other.close();
        }
        let radio = ctx.socket(ZMQ_RADIO);
        assert_eq!(radio.bind("inproc://x"), Ok(0));
        radio.send_to_group("g", b"at last");
        let msg = dish.recv_within(SOON).expect("a message");
        assert_eq!(msg.body(), b"at last");
        for socket in [radio, dish] {
            socket.close();
        }
        assert_eq!(ctx.term(), Ok(0));
    }

    fn ctx_term_ends_a_dish_that_waits_for_a_bind() {
        let ctx = Ctx::new();
        let (dish, pull) = (dish(ctx), ctx.socket(ZMQ_PULL));
        assert_eq!(dish.connect("inproc://x"), Ok(0));
        assert_eq!(pull.bind("inproc://x"), Ok(0));
        dish.close();
        let term = std::thread::spawn(move || ctx.term());
        assert_eq!(pull.recv(0).err(), Some(ETERM));
        pull.close();
        assert_eq!(term.join().ok(), Some(Ok(0)));
    }

    fn socket_of_a_wrong_type_at_the_zap_address_is_no_handler() {
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        assert_eq!(pull.bind("inproc://zeromq.zap.01"), Ok(0));
        let (router, dealer) = (ctx.socket(ZMQ_ROUTER), ctx.socket(ZMQ_DEALER));
        assert_eq!(router.try_set(ZMQ_ZAP_DOMAIN, b"domain"), Ok(0));
        let endpoint = router.bound("tcp://127.0.0.1:*");
        assert_eq!(dealer.connect(&endpoint), Ok(0));
        assert_eq!(dealer.send(b"hello", 0), Ok(5));
        assert!(router.recv_within(SOON).is_ok());
    }
}
