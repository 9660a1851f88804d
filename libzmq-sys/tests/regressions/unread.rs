//! What a peer sent before its connection ended.

use std::io::Write;
use std::time::Duration;

use crate::wire::{self, MORE};
use crate::zmq::*;

/// All types that receive, and what their peers are.
const KINDS: [(u32, &str); 14] = [
    (ZMQ_PAIR, "PAIR"),
    (ZMQ_SUB, "PUB"),
    (ZMQ_REP, "DEALER"),
    (ZMQ_DEALER, "ROUTER"),
    (ZMQ_ROUTER, "ROUTER"),
    (ZMQ_PULL, "PUSH"),
    (ZMQ_XPUB, "SUB"),
    (ZMQ_XSUB, "PUB"),
    (ZMQ_SERVER, "CLIENT"),
    (ZMQ_CLIENT, "SERVER"),
    (ZMQ_DISH, "RADIO"),
    (ZMQ_GATHER, "SCATTER"),
    (ZMQ_PEER, "PEER"),
    (ZMQ_CHANNEL, "CHANNEL"),
];

/// The frames of a message that a socket of that type receives.
fn farewell(kind: u32) -> Vec<u8> {
    match kind {
        ZMQ_REP => [wire::frame(MORE, b""), wire::frame(0, b"farewell")].concat(),
        ZMQ_DISH => [wire::frame(MORE, b"group"), wire::frame(0, b"farewell")].concat(),
        ZMQ_XPUB => wire::frame(0, b"\x01farewell"),
        _ => wire::frame(0, b"farewell"),
    }
}

/// A peer says farewell and hangs up. The socket looks at what has happened, and then receives.
fn receives_the_farewell(kind: u32, peer: &str, reconnect: i32, immediate: i32) {
    let ctx = Ctx::new();
    let socket = ctx.socket(kind);
    socket.set(ZMQ_RECONNECT_IVL, reconnect);
    socket.set(ZMQ_IMMEDIATE, immediate);
    if kind == ZMQ_SUB {
        assert_eq!(socket.try_set(ZMQ_SUBSCRIBE, b""), Ok(0));
    }
    if kind == ZMQ_DISH {
        assert_eq!(socket.join("group"), Ok(0));
    }
    let (listener, endpoint) = wire::listener();
    assert_eq!(socket.connect(&endpoint), Ok(0));
    let mut server = wire::accept(&listener);
    server.write_all(&wire::hello(peer)).expect("taken");
    wire::read_until(&mut server, b"READY");
    settle();
    socket.process();
    server.write_all(&farewell(kind)).expect("taken");
    server.shutdown(std::net::Shutdown::Write).expect("an open connection");
    wire::rest(&mut server);
    settle();
    // It processes the end of the connection; some types take the message to look at it.
    socket.set(ZMQ_LINGER, 0);
    assert_eq!(socket.bind("nowhere"), Err(EINVAL));
    settle();
    let frames = socket.multipart();
    let last = frames.last().expect("a frame");
    assert!(last.ends_with(b"farewell"), "{kind}, {reconnect}, {immediate}: {last:?}");
    socket.close();
}

/// Longer than a case takes.
const LATER: i32 = 100_000;

cases! {
    fn message_before_the_end_of_a_connection_can_be_read() {
        for (kind, peer) in KINDS {
            receives_the_farewell(kind, peer, -1, 0);
            receives_the_farewell(kind, peer, LATER, 0);
        }
    }

    fn message_before_the_end_of_an_immediate_connection_can_be_read() {
        for (kind, peer) in KINDS {
            receives_the_farewell(kind, peer, -1, 1);
            receives_the_farewell(kind, peer, LATER, 1);
        }
    }

    fn bytes_before_the_end_of_a_connection_of_a_stream_can_be_read() {
        for (reconnect, immediate) in [(-1, 0), (LATER, 0), (-1, 1), (LATER, 1)] {
            let ctx = Ctx::new();
            let stream = ctx.socket(ZMQ_STREAM);
            stream.set(ZMQ_STREAM_NOTIFY, 0);
            stream.set(ZMQ_RECONNECT_IVL, reconnect);
            stream.set(ZMQ_IMMEDIATE, immediate);
            let (listener, endpoint) = wire::listener();
            assert_eq!(stream.connect(&endpoint), Ok(0));
            let mut server = wire::accept(&listener);
            settle();
            stream.process();
            server.write_all(b"farewell").expect("taken");
            drop(server);
            settle();
            assert_eq!(stream.bind("nowhere"), Err(EINVAL));
            settle();
            assert_eq!(stream.multipart()[1], b"farewell", "{reconnect}, {immediate}");
            stream.close();
        }
    }

    /// The queue of a connection that has ended does not stand in the way of the next one.
    fn next_connection_of_a_pair_delivers_after_the_unread_messages() {
        for kind in [(ZMQ_PAIR, "PAIR"), (ZMQ_CHANNEL, "CHANNEL")] {
            let ctx = Ctx::new();
            let socket = ctx.socket(kind.0);
            socket.set(ZMQ_RECONNECT_IVL, 1);
            socket.set(ZMQ_IMMEDIATE, 1);
            let (listener, endpoint) = wire::listener();
            assert_eq!(socket.connect(&endpoint), Ok(0));
            let mut server = wire::accept(&listener);
            server.write_all(&wire::hello(kind.1)).expect("taken");
            wire::read_until(&mut server, b"READY");
            server.write_all(&wire::frame(0, b"farewell")).expect("taken");
            server.shutdown(std::net::Shutdown::Write).expect("an open connection");
            wire::rest(&mut server);
            settle();
            assert_eq!(socket.recv_within(SOON).expect("a message").body(), b"farewell");
            eventually("a message of the next connection", || {
                let mut server = wire::accept(&listener);
                server.write_all(&wire::hello(kind.1)).ok()?;
                wire::read_until(&mut server, b"READY");
                server.write_all(&wire::frame(0, b"next")).ok()?;
                socket.recv_within(Duration::from_millis(50)).ok().filter(|msg| msg.body() == b"next")
            });
        }
    }
}
