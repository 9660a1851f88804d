//! ZAP handlers, authenticated peers, and the metadata of messages.

use std::ffi::CStr;
use std::io::{Read, Write};
use std::time::Duration;

use crate::websockets::has_ws;
use crate::wire;
use crate::zmq::*;

const SOON: Duration = Duration::from_secs(20);

/// The handler's socket. The case reads what it is asked, and answers.
pub(crate) fn handler(ctx: Ctx) -> Sock {
    let zap = ctx.socket(ZMQ_ROUTER);
    assert_eq!(zap.bind("inproc://zeromq.zap.01"), Ok(0));
    zap
}

/// Answers with that code. Whether it still can does not matter.
pub(crate) fn answer(zap: Sock, asked: &[Vec<u8>], code: &[u8]) {
    for part in [&asked[0][..], b"", b"1.0", b"1", code, b"", b"someone"] {
        let _ = zap.send(part, SNDMORE);
    }
    let _ = zap.send(b"", 0);
}

/// What a message says of its connection by that name.
fn property(msg: &mut Msg, name: &CStr) -> Option<String> {
    let text = c!(zmq_msg_gets(&raw const msg.0, name.as_ptr()));
    // SAFETY: NULL, or a string that lives as long as the message.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}

/// Names that only libzmq gives to what it knows, in several spellings, and one that anybody may
/// use.
fn claims() -> Vec<u8> {
    let names = [
        "User-Id", "user-id", "USER-ID", "Peer-Address", "peer-Address", "Routing-Id",
        "routing-id", "__fd", "__FD", "X-Own",
    ];
    names.map(|name| wire::property(name, b"7")).concat()
}

/// That a message of a local peer says nothing but the truth about it.
fn assert_true(msg: &mut Msg, user: Option<&str>) {
    assert_eq!(property(msg, c"User-Id").as_deref(), user);
    assert_eq!(property(msg, c"Peer-Address").as_deref(), Some("127.0.0.1"));
    assert_ne!(property(msg, c"__fd").as_deref(), Some("7"));
    for name in [c"user-id", c"USER-ID", c"peer-Address", c"Routing-Id", c"routing-id", c"__FD"] {
        assert_eq!(property(msg, name), None, "{name:?}");
    }
}

/// A socket that wants a password, bound, and one that gives it.
fn server_and_client(ctx: Ctx, server: Sock, client: impl Into<i64>) -> Sock {
    server.set(ZMQ_PLAIN_SERVER, 1);
    let client = ctx.socket(client);
    assert_eq!(client.try_set(ZMQ_PLAIN_USERNAME, b"someone"), Ok(0));
    assert_eq!(client.connect(&server.bound("tcp://127.0.0.1:*")), Ok(0));
    client
}

cases! {
    fn client_cannot_set_reserved_metadata() {
        for [socket_type, identity] in [["Socket-Type", "Identity"], ["SOCKET-TYPE", "identity"]] {
            let ctx = Ctx::new();
            let router = ctx.socket(ZMQ_ROUTER);
            let says = [
                wire::property(socket_type, b"DEALER"),
                wire::property(identity, b"me"),
                // What was said once counts.
                wire::property("Identity", b"another"),
                claims(),
            ]
            .concat();
            let endpoint = router.bound("tcp://127.0.0.1:*");
            let hello = [wire::greeting("NULL"), wire::command("READY", &says)].concat();
            let mut peer = wire::introduced(&endpoint, &hello, b"Identity\0\0\0\0");
            peer.write_all(&wire::frame(0, b"x")).expect("taken");
            assert_eq!(router.recv_within(SOON).expect("its name").body(), b"me");
            let mut msg = router.recv(0).expect("a message");
            assert_true(&mut msg, None);
            assert_eq!(property(&mut msg, c"Identity").as_deref(), Some("me"));
            assert_eq!(property(&mut msg, c"Socket-Type").as_deref(), Some("DEALER"));
            assert_eq!(property(&mut msg, c"X-Own").as_deref(), Some("7"));
        }
    }

    fn socket_type_property_in_lower_case_is_checked() {
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        let endpoint = pull.bound("tcp://127.0.0.1:*");
        let says = wire::property("socket-type", b"PUB");
        let hello = [wire::greeting("NULL"), wire::command("READY", &says)].concat();
        wire::rest(&mut wire::peer(&endpoint, &hello));
    }

    /// A client of PLAIN says it in INITIATE.
    fn zap_handler_sets_the_user_id_and_no_other_reserved_metadata() {
        let ctx = Ctx::new();
        let (zap, router) = (handler(ctx), ctx.socket(ZMQ_ROUTER));
        router.set(ZMQ_PLAIN_SERVER, 1);
        let endpoint = router.bound("tcp://127.0.0.1:*");
        let login = [wire::greeting("PLAIN"), wire::command("HELLO", b"\x03bad\x01x")].concat();
        let mut peer = wire::peer(&endpoint, &login);
        let asked = zap.multipart();
        let says = [
            claims(),
            wire::property("Socket-Type", b"PUB"),
            wire::property("Identity", b"another"),
            wire::property("Role", b"guest"),
        ]
        .concat();
        for part in [&asked[0][..], b"", b"1.0", b"1", b"200", b"", b"someone"] {
            assert!(zap.send(part, SNDMORE).is_ok());
        }
        assert!(zap.send(&says, 0).is_ok());
        wire::read_until(&mut peer, b"\x07WELCOME");
        let says = [
            wire::property("Socket-Type", b"DEALER"),
            claims(),
            wire::property("Role", b"admin"),
            wire::property("Identity", b"me"),
        ]
        .concat();
        peer.write_all(&wire::command("INITIATE", &says)).expect("taken");
        wire::read_until(&mut peer, b"Identity\0\0\0\0");
        peer.write_all(&wire::frame(0, b"x")).expect("taken");
        assert_eq!(router.recv_within(SOON).expect("its name").body(), b"me");
        let mut msg = router.recv(0).expect("a message");
        assert_true(&mut msg, Some("someone"));
        assert_eq!(property(&mut msg, c"Role").as_deref(), Some("guest"));
        assert_eq!(property(&mut msg, c"Socket-Type").as_deref(), Some("DEALER"));
    }

    /// A server of PLAIN says it in READY.
    fn server_cannot_set_reserved_metadata() {
        let ctx = Ctx::new();
        let dealer = ctx.socket(ZMQ_DEALER);
        assert_eq!(dealer.try_set(ZMQ_PLAIN_USERNAME, b"me"), Ok(0));
        // The address of the peer is checked.
        let (listener, endpoint) = wire::listener_at(std::net::Ipv4Addr::LOCALHOST);
        assert_eq!(dealer.connect(&endpoint), Ok(0));
        let mut peer = wire::accept(&listener);
        peer.write_all(&wire::greeting("PLAIN")).expect("taken");
        wire::read_until(&mut peer, b"HELLO\x02me\0");
        peer.write_all(&wire::command("WELCOME", b"")).expect("taken");
        wire::read_until(&mut peer, b"Identity\0\0\0\0");
        let says = [wire::property("Socket-Type", b"ROUTER"), claims()].concat();
        let ready = wire::command("READY", &says);
        peer.write_all(&[ready, wire::frame(0, b"x")].concat()).expect("taken");
        let mut msg = dealer.recv_within(SOON).expect("a message");
        assert_true(&mut msg, None);
    }

    fn endpoint_without_a_handshake_is_refused_if_authentication_is_set() {
        let asks: [fn(Sock); 3] = [
            |socket| socket.set(ZMQ_PLAIN_SERVER, 1),
            |socket| assert_eq!(socket.try_set(ZMQ_PLAIN_USERNAME, b"user"), Ok(0)),
            |socket| assert_eq!(socket.try_set(ZMQ_ZAP_DOMAIN, b"domain"), Ok(0)),
        ];
        let udp = crate::udp::free();
        for ask in asks {
            let ctx = Ctx::new();
            let raw = ctx.socket(ZMQ_ROUTER);
            raw.set(ZMQ_ROUTER_RAW, 1);
            for socket in [ctx.socket(ZMQ_STREAM), raw] {
                ask(socket);
                assert_eq!(socket.bind("tcp://127.0.0.1:*"), Err(ENOCOMPATPROTO));
                assert_eq!(socket.connect("tcp://127.0.0.1:9"), Err(ENOCOMPATPROTO));
            }
            for (kind, binds) in [(ZMQ_DISH, true), (ZMQ_DGRAM, true), (ZMQ_RADIO, false)] {
                let socket = ctx.socket(kind);
                ask(socket);
                let rc = if binds { socket.bind(&udp) } else { socket.connect(&udp) };
                assert_eq!(rc, Err(ENOCOMPATPROTO));
            }
        }
    }

    fn late_zap_reply_does_not_apply_to_the_next_connection() {
        let ctx = Ctx::new();
        let zap = handler(ctx);
        let pull = ctx.socket(ZMQ_PULL);
        pull.set(ZMQ_PLAIN_SERVER, 1);
        pull.set(ZMQ_RECONNECT_IVL, 1);
        let (listener, endpoint) = wire::listener();
        assert_eq!(pull.connect(&endpoint), Ok(0));
        let login = [wire::greeting("PLAIN"), wire::command("HELLO", b"\x03bad\x01x")].concat();

        let mut first = wire::accept(&listener);
        first.write_all(&login).expect("taken");
        let asked = zap.multipart();
        drop(first);
        // The next says nothing yet, when the answer comes.
        let mut second = wire::accept(&listener);
        second.read_exact(&mut [0; 10]).expect("a greeting");
        answer(zap, &asked, b"200");
        settle();
        // It has to ask for itself, and is refused.
        second.write_all(&login).expect("taken");
        let asked = zap.multipart();
        answer(zap, &asked, b"400");
        // libzmq spells the name of the command with a byte too few.
        let said = wire::read_until(&mut second, b"RROR\x03400");
        assert!(!said.windows(7).any(|said| said == b"WELCOME"), "{}", said.escape_ascii());
    }

    fn plain_server_without_the_enforced_domain_refuses_clients() {
        let ctx = Ctx::new();
        let _zap = handler(ctx);
        let transports = ["tcp://127.0.0.1:*", "ws://127.0.0.1:*"];
        for transport in &transports[..1 + usize::from(has_ws())] {
            let pull = ctx.socket(ZMQ_PULL);
            pull.set(ZMQ_ZAP_ENFORCE_DOMAIN, 1);
            pull.set(ZMQ_PLAIN_SERVER, 1);
            let monitor = pull.monitor(ctx, ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL);
            let push = ctx.socket(ZMQ_PUSH);
            assert_eq!(push.try_set(ZMQ_PLAIN_USERNAME, b"someone"), Ok(0));
            assert_eq!(push.connect(&pull.bound(transport)), Ok(0));
            let event = monitor.multipart();
            assert_eq!(event[0][2..], i32::to_ne_bytes(EFAULT));
        }
    }

    fn rcvhwm_of_one_receives_from_an_authenticated_peer() {
        let ctx = Ctx::new();
        let (zap, pull) = (handler(ctx), ctx.socket(ZMQ_PULL));
        pull.set(ZMQ_RCVHWM, 1);
        let push = server_and_client(ctx, pull, ZMQ_PUSH);
        answer(zap, &zap.multipart(), b"200");
        wire::gets_through(push, pull);
    }

    fn req_receives_from_an_authenticated_peer() {
        let ctx = Ctx::new();
        let (zap, req) = (handler(ctx), ctx.socket(ZMQ_REQ));
        let rep = server_and_client(ctx, req, ZMQ_REP);
        answer(zap, &zap.multipart(), b"200");
        assert_eq!(req.send(b"question", 0), Ok(8));
        assert_eq!(rep.multipart(), [b"question"]);
        assert_eq!(rep.send(b"answer", 0), Ok(6));
        assert_eq!(req.multipart(), [b"answer"]);
    }

    fn dish_receives_from_an_authenticated_peer() {
        let ctx = Ctx::new();
        let (zap, dish) = (handler(ctx), ctx.socket(ZMQ_DISH));
        assert_eq!(dish.join("g"), Ok(0));
        let radio = server_and_client(ctx, dish, ZMQ_RADIO);
        answer(zap, &zap.multipart(), b"200");
        eventually("news", || {
            radio.send_to_group("g", b"news");
            dish.recv_within(Duration::from_millis(20)).ok()
        });
    }
}
