//! High water marks of the socket types that drop messages.

use std::time::Duration;

use crate::zmq::*;

/// A type that drops messages, and the one that receives them.
#[derive(Clone, Copy, PartialEq)]
enum Pattern {
    Pub,
    Xpub,
    Radio,
    Router,
    Xsub,
}

use Pattern::{Pub, Radio, Router, Xpub, Xsub};

impl Pattern {
    fn types(self) -> (u32, u32) {
        match self {
            Pub => (ZMQ_PUB, ZMQ_SUB),
            Xpub => (ZMQ_XPUB, ZMQ_SUB),
            Radio => (ZMQ_RADIO, ZMQ_DISH),
            Router => (ZMQ_ROUTER, ZMQ_DEALER),
            Xsub => (ZMQ_XSUB, ZMQ_XPUB),
        }
    }

    fn send(self, sender: Sock, number: u32) {
        let body = [&[2][..], &number.to_ne_bytes()].concat();
        match self {
            Radio => sender.send_to_group("g", &body),
            Router => {
                assert_eq!(sender.send(b"me", SNDMORE), Ok(2));
                assert_eq!(sender.send(&body, 0), Ok(5));
            }
            _ => assert_eq!(sender.send(&body, 0), Ok(5)),
        }
    }
}

fn number(msg: &Msg) -> u32 {
    u32::from_ne_bytes(msg.body()[1..].try_into().expect("a number"))
}

/// Sends bursts, each after the one before was received: each message must arrive.
fn delivers(pattern: Pattern, endpoint: &str, hwm: i32, burst: u32) {
    let ctx = Ctx::new();
    let (kind, peer) = pattern.types();
    let (sender, receiver) = (ctx.socket(kind), ctx.socket(peer));
    for socket in [sender, receiver] {
        socket.set(ZMQ_RCVHWM, hwm);
        socket.set(ZMQ_SNDHWM, hwm);
    }
    match pattern {
        Pub | Xpub => assert_eq!(receiver.try_set(ZMQ_SUBSCRIBE, b""), Ok(0)),
        Radio => assert_eq!(receiver.join("g"), Ok(0)),
        Router => assert_eq!(receiver.try_set(ZMQ_ROUTING_ID, b"me"), Ok(0)),
        Xsub => (),
    }
    let endpoint = sender.bound(endpoint);
    assert_eq!(receiver.connect(&endpoint), Ok(0));
    // The peer is there when the first message arrives.
    let arrived = eventually("a message", || {
        pattern.send(sender, 0);
        receiver.recv_within(Duration::from_millis(5)).ok()
    });
    assert_eq!(number(&arrived), 0);
    while receiver.recv_within(Duration::from_millis(20)).is_ok() {}
    let mut next = 1;
    for _ in 0..300 / burst + 3 {
        for place in 0..burst {
            pattern.send(sender, next + place);
        }
        for place in 0..burst {
            let msg = receiver.recv_within(Duration::from_secs(10)).expect("each message");
            assert_eq!(number(&msg), next + place, "{endpoint} {hwm}");
        }
        next += burst;
    }
}

fn delivers_what_the_queue_holds(pattern: Pattern) {
    for endpoint in ["inproc://x", "tcp://127.0.0.1:*"] {
        for hwm in [1, 2, 3, 7, 16] {
            delivers(pattern, endpoint, hwm, 1);
            delivers(pattern, endpoint, hwm, hwm.unsigned_abs());
        }
        for hwm in [17, 20, 31] {
            delivers(pattern, endpoint, hwm, 16);
        }
        delivers(pattern, endpoint, 100, 51);
    }
}

cases! {
    fn pub_drops_nothing_while_its_queue_was_read() {
        delivers_what_the_queue_holds(Pub);
    }

    fn xpub_drops_nothing_while_its_queue_was_read() {
        delivers_what_the_queue_holds(Xpub);
    }

    fn radio_drops_nothing_while_its_queue_was_read() {
        delivers_what_the_queue_holds(Radio);
    }

    fn router_drops_nothing_while_its_queue_was_read() {
        delivers_what_the_queue_holds(Router);
    }

    fn xsub_drops_nothing_while_its_queue_was_read() {
        delivers_what_the_queue_holds(Xsub);
    }

    fn publishers_that_drop_nothing_are_writable_while_no_queue_is_full() {
        for endpoint in ["inproc://x", "tcp://127.0.0.1:*"] {
            for (pattern, hwm) in [(Pub, 2), (Xpub, 2), (Radio, 2), (Pub, 50)] {
                let ctx = Ctx::new();
                let (kind, peer) = pattern.types();
                let (sender, receiver) = (ctx.socket(kind), ctx.socket(peer));
                sender.set(ZMQ_XPUB_NODROP, 1);
                sender.set(ZMQ_SNDHWM, hwm);
                receiver.set(ZMQ_RCVHWM, hwm);
                match pattern {
                    Radio => assert_eq!(receiver.join("g"), Ok(0)),
                    _ => assert_eq!(receiver.try_set(ZMQ_SUBSCRIBE, b""), Ok(0)),
                }
                let endpoint = sender.bound(endpoint);
                assert_eq!(receiver.connect(&endpoint), Ok(0));
                let writable = || sender.get(ZMQ_EVENTS) & ZMQ_POLLOUT as i32 != 0;
                let body = vec![b'x'; 100_000];
                let send = || {
                    let mut msg = Msg::new(&body);
                    assert_eq!(msg.set_group("g"), Ok(0));
                    sender.send_msg(msg, DONTWAIT).map_err(|(errno, _)| errno)
                };
                for _ in 0..3 {
                    // Full, and the kernel's buffers too.
                    eventually("a full queue", || {
                        while writable() {
                            assert_eq!(send(), Ok(body.len()), "what is writable does not block");
                            receiver.process();
                        }
                        // The I/O thread may still make room meanwhile.
                        settle_briefly();
                        (!writable() && send() == Err(EAGAIN)).then_some(())
                    });
                    eventually("room", || {
                        while receiver.recv(DONTWAIT).is_ok() {}
                        writable().then_some(())
                    });
                    assert_eq!(send(), Ok(body.len()));
                }
                // The queue of a peer that has gone is never read.
                while send().is_ok() {}
                receiver.close();
                eventually("no peer", || writable().then_some(()));
                assert_eq!(send(), Ok(body.len()));
            }
        }
    }
}
