//! High water marks that change while there are connections.

use std::io::Read;
use std::net::TcpStream;
use std::time::Duration;

use crate::zmq::*;

/// Sends what fits.
fn fill(sender: Sock) -> usize {
    sender.process();
    let mut sent = 0;
    while sent < 100 && sender.send(b"x", DONTWAIT).is_ok() {
        sent += 1;
    }
    sent
}

fn receive(receiver: Sock) {
    receiver.recv_within(Duration::from_secs(20)).expect("a message");
}

/// Has the mark fall below what waits in the queue while a message is being sent.
fn finishes(kind: u32, peer: u32) {
    let ctx = Ctx::new();
    let (sender, receiver) = (ctx.socket(kind), ctx.socket(peer));
    receiver.set(ZMQ_RCVHWM, 1);
    sender.set(ZMQ_SNDHWM, 100);
    match kind {
        ZMQ_ROUTER => {
            sender.set(ZMQ_ROUTER_MANDATORY, 1);
            assert_eq!(receiver.try_set(ZMQ_ROUTING_ID, b"me"), Ok(0));
        }
        ZMQ_XPUB => {
            sender.set(ZMQ_XPUB_NODROP, 1);
            assert_eq!(receiver.try_set(ZMQ_SUBSCRIBE, b""), Ok(0));
        }
        _ => (),
    }
    assert_eq!(sender.bind("inproc://x"), Ok(0));
    assert_eq!(receiver.connect("inproc://x"), Ok(0));
    sender.process();
    let begin = || match kind {
        ZMQ_ROUTER => assert_eq!(sender.send(b"me", SNDMORE | DONTWAIT), Ok(2)),
        _ => assert_eq!(sender.send(b"1", SNDMORE | DONTWAIT), Ok(1)),
    };
    let end = || {
        for flags in [SNDMORE, 0] {
            assert_eq!(sender.send(b"2", flags | DONTWAIT), Ok(1), "{kind}");
        }
    };
    for _ in 0..5 {
        begin();
        end();
    }
    begin();
    sender.set(ZMQ_SNDHWM, 1);
    end();
    for _ in 0..6 {
        let parts = receiver.multipart();
        assert_eq!(parts[parts.len() - 2..], [b"2", b"2"]);
        receiver.process();
        // It learns that there is room.
        sender.process();
    }
    begin();
    end();
    receiver.multipart();
}

/// Lowers a mark when everything was read, but nothing yet said that it was.
fn goes_on(endpoint: &str, kind: u32, peer: u32, lowered_by_receiver: bool) {
    let ctx = Ctx::new();
    let (sender, receiver) = (ctx.socket(kind), ctx.socket(peer));
    let endpoint = receiver.bound(endpoint);
    assert_eq!(sender.connect(&endpoint), Ok(0));
    sender.set(ZMQ_SNDTIMEO, 20_000);
    for _ in 0..20 {
        assert_eq!(sender.send(b"x", 0), Ok(1));
    }
    (0..20).for_each(|_| receive(receiver));
    if lowered_by_receiver {
        receiver.set(ZMQ_RCVHWM, 1);
    } else {
        sender.set(ZMQ_SNDHWM, 1);
    }
    for _ in 0..20 {
        assert_eq!(sender.send(b"x", 0), Ok(1), "{endpoint} {kind} {lowered_by_receiver}");
        receive(receiver);
    }
}

cases! {
    fn message_that_was_begun_is_sent_though_the_mark_was_lowered() {
        for (kind, peer) in [
            (ZMQ_ROUTER, ZMQ_DEALER),
            (ZMQ_PUSH, ZMQ_PULL),
            (ZMQ_DEALER, ZMQ_DEALER),
            (ZMQ_PAIR, ZMQ_PAIR),
            (ZMQ_XPUB, ZMQ_SUB),
        ] {
            finishes(kind, peer);
        }
    }

    fn stream_sends_the_body_though_the_mark_was_lowered_after_the_identity() {
        let ctx = Ctx::new();
        let stream = ctx.socket(ZMQ_STREAM);
        let endpoint = stream.bound("tcp://127.0.0.1:*");
        let mut peer = TcpStream::connect(endpoint.trim_start_matches("tcp://")).expect("a peer");
        let identity = stream.multipart().swap_remove(0);
        // More than the kernel takes, so that some waits in the queue.
        let body = vec![b'x'; 1 << 20];
        for _ in 0..30 {
            assert_eq!(stream.send(&identity, SNDMORE | DONTWAIT), Ok(identity.len()));
            assert_eq!(stream.send(&body, DONTWAIT), Ok(body.len()));
        }
        assert_eq!(stream.send(&identity, SNDMORE | DONTWAIT), Ok(identity.len()));
        stream.set(ZMQ_SNDHWM, 1);
        assert_eq!(stream.send(&body, DONTWAIT), Ok(body.len()));
        let mut all = vec![0; 31 << 20];
        peer.read_exact(&mut all).expect("everything");
        eventually("room", || stream.send(&identity, SNDMORE | DONTWAIT).ok());
        assert_eq!(stream.send(b"last", DONTWAIT), Ok(4));
        peer.read_exact(&mut all[..4]).expect("what came last");
        assert_eq!(all[..4], *b"last");
    }

    fn sender_goes_on_after_its_mark_or_that_of_its_peer_was_lowered() {
        for endpoint in ["inproc://x", "tcp://127.0.0.1:*"] {
            for (kind, peer) in [
                (ZMQ_PUSH, ZMQ_PULL),
                (ZMQ_PAIR, ZMQ_PAIR),
                (ZMQ_DEALER, ZMQ_DEALER),
                (ZMQ_CLIENT, ZMQ_SERVER),
            ] {
                goes_on(endpoint, kind, peer, false);
                goes_on(endpoint, kind, peer, true);
            }
        }
    }

    fn inproc_marks_of_both_sockets_add_up_whenever_they_are_set() {
        for bind_first in [false, true] {
            for sender_binds in [false, true] {
                for late in 0..4 {
                    for (snd, rcv, room) in [(1, 2, 3), (5, 2, 7), (3, 0, 100), (0, 3, 100)] {
                        let ctx = Ctx::new();
                        let (sender, receiver) = (ctx.socket(ZMQ_PUSH), ctx.socket(ZMQ_PULL));
                        let set = |when: bool| {
                            for (bit, socket, option, mark) in
                                [(1, sender, ZMQ_SNDHWM, snd), (2, receiver, ZMQ_RCVHWM, rcv)]
                            {
                                if when == (late & bit != 0) {
                                    socket.set(option, mark);
                                }
                            }
                        };
                        let (binds, connects) =
                            if sender_binds { (sender, receiver) } else { (receiver, sender) };
                        set(false);
                        if bind_first {
                            assert_eq!(binds.bind("inproc://x"), Ok(0));
                            assert_eq!(connects.connect("inproc://x"), Ok(0));
                            // It sets the mark of the connections that it knows.
                            binds.process();
                            set(true);
                        } else {
                            assert_eq!(connects.connect("inproc://x"), Ok(0));
                            set(true);
                            assert_eq!(binds.bind("inproc://x"), Ok(0));
                        }
                        receiver.process();
                        let case = (bind_first, sender_binds, late, snd, rcv);
                        assert_eq!(fill(sender), room, "{case:?}");
                        // The reader says early enough that it has read.
                        for _ in 0..room {
                            receive(receiver);
                        }
                        assert!(fill(sender) > 0, "{case:?}");
                    }
                }
            }
        }
    }

    fn conflating_sender_is_never_full_whatever_mark_is_set_later() {
        for bind_first in [false, true] {
            for conflating in [ZMQ_PUSH, ZMQ_PULL] {
                for late in [ZMQ_PUSH, ZMQ_PULL] {
                    let ctx = Ctx::new();
                    let (push, pull) = (ctx.socket(ZMQ_PUSH), ctx.socket(ZMQ_PULL));
                    let socket = |kind| if kind == ZMQ_PUSH { push } else { pull };
                    socket(conflating).set(ZMQ_CONFLATE, 1);
                    if bind_first {
                        assert_eq!(pull.bind("inproc://x"), Ok(0));
                    }
                    assert_eq!(push.connect("inproc://x"), Ok(0));
                    if !bind_first {
                        // Full, until the bind finds that it conflates.
                        fill(push);
                        assert_eq!(pull.bind("inproc://x"), Ok(0));
                    }
                    pull.process();
                    socket(late).set(ZMQ_SNDHWM, 1);
                    socket(late).set(ZMQ_RCVHWM, 1);
                    for _ in 0..3 {
                        pull.process();
                        assert_eq!(fill(push), 100, "{bind_first} {conflating} {late}");
                    }
                }
            }
        }
    }
}
