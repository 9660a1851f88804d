//! Commands of ZMTP that peers send where an honest peer sends none.

use std::io::Write;
use std::net::TcpStream;

use crate::wire::{self, MORE};
use crate::zmq::*;

/// Types that have no subscriptions, and what their peers are.
const OTHERS: [(u32, &str); 8] = [
    (ZMQ_PULL, "PUSH"),
    (ZMQ_DEALER, "DEALER"),
    (ZMQ_PAIR, "PAIR"),
    (ZMQ_XSUB, "PUB"),
    (ZMQ_SERVER, "CLIENT"),
    (ZMQ_GATHER, "SCATTER"),
    (ZMQ_CHANNEL, "CHANNEL"),
    (ZMQ_PEER, "PEER"),
];

const PUBLISHERS: [(u32, &str); 2] = [(ZMQ_XPUB, "XSUB"), (ZMQ_PUB, "SUB")];

/// A connection after the handshake, to a socket that takes up to 100 kB of a message.
fn introduced(socket: Sock, peer: &str) -> TcpStream {
    assert_eq!(socket.try_set(ZMQ_MAXMSGSIZE, &100_000_i64.to_ne_bytes()), Ok(0));
    socket.set(ZMQ_RCVHWM, 2);
    wire::introduced(&socket.bound(&apart("tcp")), &wire::hello(peer), b"READY")
}

cases! {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn subscribe_commands_with_more_keep_nothing() {
        if !malloc_counts() {
            return;
        }
        let body = [&b"\x09SUBSCRIBE"[..], &[b'x'; 60_000]].concat();
        let command = wire::frame(wire::COMMAND | MORE, &body);
        let radio = (ZMQ_RADIO, "DISH");
        for (kind, peer) in OTHERS.into_iter().chain(PUBLISHERS).chain([radio]) {
            let ctx = Ctx::new();
            let mut bad = introduced(ctx.socket(kind), peer);
            let before = allocated();
            // A publisher hangs up.
            let _ = (0..500).try_for_each(|_| bad.write_all(&command));
            settle();
            let grown = allocated().saturating_sub(before);
            assert!(grown < 3_000_000, "{peer}: {grown}");
        }
    }

    fn subscribe_commands_are_no_messages() {
        for (kind, peer) in OTHERS {
            let ctx = Ctx::new();
            let socket = ctx.socket(kind);
            let mut bad = introduced(socket, peer);
            let says = [
                wire::command("SUBSCRIBE", b"topic"),
                wire::command("CANCEL", b"topic"),
                wire::frame(0, b"good"),
            ];
            bad.write_all(&says.concat()).expect("taken");
            assert_eq!(socket.recv_within(SOON).expect("a message").body(), b"good", "{peer}");
        }
    }

    fn subscribe_command_within_a_message_ends_the_connection() {
        for (kind, peer) in PUBLISHERS {
            let ctx = Ctx::new();
            let publisher = ctx.socket(kind);
            let mut bad = introduced(publisher, peer);
            let says = [
                wire::frame(MORE, b"part"),
                wire::command("SUBSCRIBE", b"topic"),
                wire::frame(0, b"last"),
            ];
            bad.write_all(&says.concat()).expect("taken");
            wire::rest(&mut bad);
            settle();
            publisher.process();
            if kind == ZMQ_XPUB {
                assert_eq!(publisher.recv(DONTWAIT).err(), Some(EAGAIN));
            }
        }
    }

    fn subscribe_commands_between_messages_subscribe() {
        for (kind, peer) in PUBLISHERS {
            let ctx = Ctx::new();
            let publisher = ctx.socket(kind);
            let mut good = introduced(publisher, peer);
            let says = [
                wire::frame(MORE, b"part"),
                wire::frame(0, b"last"),
                wire::command("SUBSCRIBE", b"topic"),
            ];
            good.write_all(&says.concat()).expect("taken");
            if kind == ZMQ_XPUB {
                assert_eq!(publisher.multipart(), [b"part", b"last"]);
                assert_eq!(publisher.multipart(), [b"\x01topic"]);
            }
            settle();
            publisher.process();
            assert_eq!(publisher.send(b"topic of the day", 0), Ok(16));
            wire::read_until(&mut good, b"topic of the day");
        }
    }

    fn subscription_received_over_inproc_is_sent_on_as_a_message() {
        let ctx = Ctx::new();
        let (sub, pull) = (ctx.socket(ZMQ_SUB), ctx.socket(ZMQ_PULL));
        assert_eq!(pull.bind("inproc://x"), Ok(0));
        assert_eq!(sub.connect("inproc://x"), Ok(0));
        assert_eq!(sub.try_set(ZMQ_SUBSCRIBE, b"topic"), Ok(0));
        let received = pull.recv_within(SOON).expect("a message");
        let (push, last) = (ctx.socket(ZMQ_PUSH), ctx.socket(ZMQ_PULL));
        assert_eq!(push.connect(&last.bound(&apart("tcp"))), Ok(0));
        assert!(push.send_msg(received, 0).is_ok());
        assert_eq!(last.recv_within(SOON).expect("a message").body(), b"topic");
    }
}
