//! Who has to authenticate itself, and the handler that is asked about it.

use std::io::{Read, Write};
use std::thread;
use std::time::Duration;

use crate::wire;
use crate::zmq::*;

/// The handler's socket. The case reads what it is asked, and answers.
fn handler(ctx: Ctx) -> Sock {
    let zap = ctx.socket(ZMQ_ROUTER);
    assert_eq!(zap.bind("inproc://zeromq.zap.01"), Ok(0));
    zap
}

/// Answers with that code. Whether it still can does not matter.
fn answer(zap: Sock, asked: &[Vec<u8>], code: &[u8]) {
    for part in [&asked[0][..], b"", b"1.0", b"1", code, b"", b"someone"] {
        let _ = zap.send(part, SNDMORE);
    }
    let _ = zap.send(b"", 0);
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
    fn a_late_answer_about_a_connection_that_is_gone_is_not_for_the_next() {
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
        thread::sleep(Duration::from_millis(100));
        // It has to ask for itself, and is refused.
        second.write_all(&login).expect("taken");
        let asked = zap.multipart();
        answer(zap, &asked, b"400");
        // libzmq spells the name of the command with a byte too few.
        let said = wire::read_until(&mut second, b"RROR\x03400");
        assert!(!said.windows(7).any(|said| said == b"WELCOME"), "{}", said.escape_ascii());
    }

    fn a_queue_for_one_message_takes_it_from_a_known_user() {
        let ctx = Ctx::new();
        let (zap, pull) = (handler(ctx), ctx.socket(ZMQ_PULL));
        pull.set(ZMQ_RCVHWM, 1);
        let push = server_and_client(ctx, pull, ZMQ_PUSH);
        answer(zap, &zap.multipart(), b"200");
        wire::gets_through(push, pull);
    }

    fn a_req_hears_a_known_user() {
        let ctx = Ctx::new();
        let (zap, req) = (handler(ctx), ctx.socket(ZMQ_REQ));
        let rep = server_and_client(ctx, req, ZMQ_REP);
        answer(zap, &zap.multipart(), b"200");
        assert_eq!(req.send(b"question", 0), Ok(8));
        assert_eq!(rep.multipart(), [b"question"]);
        assert_eq!(rep.send(b"answer", 0), Ok(6));
        assert_eq!(req.multipart(), [b"answer"]);
    }

    fn a_dish_hears_a_known_user() {
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
