//! The memory that peers can make a socket use that does not receive.

#![cfg(all(target_os = "linux", target_env = "gnu"))]

use std::{io::Write, time::Duration};

use crate::{wire, zmq::*};

const ENOUGH: usize = 3_000_000;

fn topic(number: u32) -> String {
    format!("topic {number:06}")
}

/// Sends as an XSUB until the publisher has processed it all, or takes no more.
fn send(xsub: Sock, xpub: Sock, body: &[u8]) {
    assert_eq!(xsub.send(body, DONTWAIT), Ok(body.len()));
    xpub.send(b"news", DONTWAIT).expect("a publisher drops");
    // A send by itself processes what the peer sent at most once a millisecond.
    xpub.process();
}

/// A peer subscribes, unsubscribes, and sends; then another must be served.
fn keeps_little(modes: &[u32], endpoint: &str, served: bool) {
    let ctx = Ctx::new();
    let (xpub, xsub, sub) = (ctx.socket(ZMQ_XPUB), ctx.socket(ZMQ_XSUB), ctx.socket(ZMQ_SUB));
    modes.iter().for_each(|&mode| xpub.set(mode, 1));
    let endpoint = xpub.bound(endpoint);
    assert_eq!(xsub.connect(&endpoint), Ok(0));
    for kind in 0..3 {
        let before = allocated();
        for number in 0..100_000 {
            match kind {
                0 => {
                    send(xsub, xpub, format!("\x01{}", topic(number)).as_bytes());
                    send(xsub, xpub, format!("\0{}", topic(number)).as_bytes());
                }
                1 => {
                    send(xsub, xpub, b"\x01same");
                    send(xsub, xpub, b"\0same");
                }
                _ => send(xsub, xpub, &[b'x'; 500]),
            }
        }
        settle();
        xpub.process();
        let grown = allocated().saturating_sub(before);
        assert!(grown < 8_000_000, "{endpoint} {modes:?} {kind}: {grown}");
    }
    if served {
        assert_eq!(sub.try_set(ZMQ_SUBSCRIBE, b"news"), Ok(0));
        assert_eq!(sub.connect(&endpoint), Ok(0));
        eventually("the news", || {
            assert_eq!(xpub.send(b"news", DONTWAIT), Ok(4));
            sub.recv_within(Duration::from_millis(5)).ok()
        });
    }
}

/// Sends parts without an end until the connection ends or that many are sent.
fn endless(peer: &mut impl Write, part: &[u8], count: usize) -> bool {
    let parts = wire::frame(wire::MORE, part).repeat(100);
    (0..count / 100).all(|_| peer.write_all(&parts).is_ok())
}

fn keeps_nothing_of_an_endless_message(kind: u32, peer: &str, name: &str) {
    let ctx = Ctx::new();
    let socket = ctx.socket(kind);
    let endpoint = socket.bound("tcp://127.0.0.1:*");
    let mut bad = wire::introduced(&endpoint, &wire::hello(peer), name.as_bytes());
    let before = allocated();
    assert!(endless(&mut bad, &[b'x'; 60_000], 2000));
    assert!(endless(&mut bad, b"", 200_000));
    let grown = allocated().saturating_sub(before);
    assert!(grown < ENOUGH, "{grown}");
    // The end of it, and a message that counts.
    bad.write_all(&[wire::frame(0, b"end"), wire::frame(0, b"good")].concat()).expect("taken");
    assert_eq!(socket.multipart(), [b"good"]);
}

cases! {
    fn xpub_that_only_sends_bounds_the_memory_for_notifications() {
        for endpoint in ["inproc://x", "tcp://127.0.0.1:*"] {
            keeps_little(&[], endpoint, true);
        }
    }

    fn xpub_in_verbose_mode_bounds_the_memory_for_notifications() {
        for endpoint in ["inproc://x", "tcp://127.0.0.1:*"] {
            keeps_little(&[ZMQ_XPUB_VERBOSE], endpoint, true);
            keeps_little(&[ZMQ_XPUB_VERBOSER], endpoint, true);
        }
    }

    fn xpub_in_manual_mode_bounds_the_memory_for_notifications() {
        for endpoint in ["inproc://x", "tcp://127.0.0.1:*"] {
            keeps_little(&[ZMQ_XPUB_MANUAL], endpoint, false);
        }
    }

    /// Notifications that are received late report the current subscriptions.
    fn xpub_reports_subscriptions_beyond_its_high_water_mark() {
        let ctx = Ctx::new();
        let (xpub, sub) = (ctx.socket(ZMQ_XPUB), ctx.socket(ZMQ_SUB));
        xpub.set(ZMQ_RCVHWM, 10);
        assert_eq!(xpub.bind("inproc://x"), Ok(0));
        assert_eq!(sub.connect("inproc://x"), Ok(0));
        let change = |option, number| {
            assert_eq!(sub.try_set(option, topic(number).as_bytes()), Ok(0));
        };
        (0..100).for_each(|number| change(ZMQ_SUBSCRIBE, number));
        xpub.process();
        (50..150).for_each(|number| change(ZMQ_SUBSCRIBE, number));
        (0..60).for_each(|number| change(ZMQ_UNSUBSCRIBE, number));
        (0..60).for_each(|number| change(ZMQ_UNSUBSCRIBE, number));
        let mut topics = std::collections::BTreeSet::new();
        while let Ok(msg) = xpub.recv(DONTWAIT) {
            let topic = String::from_utf8_lossy(&msg.body()[1..]).into_owned();
            let changed =
                if msg.body()[0] == 1 { topics.insert(topic) } else { topics.remove(&topic) };
            assert!(changed, "told twice");
        }
        assert!(topics.into_iter().eq((60..150).map(topic)));
        assert_eq!(xpub.recv(DONTWAIT).err(), Some(EAGAIN));
    }

    fn xpub_receives_all_messages_of_a_peer_beyond_its_high_water_mark() {
        for endpoint in ["inproc://x", "tcp://127.0.0.1:*"] {
            let ctx = Ctx::new();
            let (xpub, xsub) = (ctx.socket(ZMQ_XPUB), ctx.socket(ZMQ_XSUB));
            xpub.set(ZMQ_RCVHWM, 10);
            let endpoint = xpub.bound(endpoint);
            assert_eq!(xsub.connect(&endpoint), Ok(0));
            for number in 0..500_u32 {
                let body = [&[2][..], &number.to_ne_bytes()].concat();
                assert_eq!(xsub.send(&body, SNDMORE), Ok(5));
                assert_eq!(xsub.send(b"part", 0), Ok(4));
            }
            for number in 0..500_u32 {
                let body = [&[2][..], &number.to_ne_bytes()].concat();
                assert_eq!(xpub.multipart(), [&body[..], b"part"]);
            }
        }
    }

    fn dealer_that_only_sends_releases_peers_that_have_gone() {
        let ctx = Ctx::new();
        let socket = ctx.socket(ZMQ_DEALER);
        let endpoint = socket.bound("tcp://127.0.0.1:*");
        let mut before = 0;
        for turn in 0..400 {
            if turn == 100 {
                before = allocated();
            }
            let gone = ctx.socket(ZMQ_DEALER);
            assert_eq!(gone.connect(&endpoint), Ok(0));
            // Sending processes commands, without a look for messages.
            eventually("the peer", || {
                let _ = socket.send(b"x", DONTWAIT);
                gone.recv_within(Duration::from_millis(1)).ok()
            });
            gone.close();
        }
        eventually("as little as before", || {
            let _ = socket.send(b"x", DONTWAIT);
            (allocated().saturating_sub(before) < 1_000_000).then_some(())
        });
    }

    fn server_keeps_nothing_of_a_message_that_never_ends() {
        keeps_nothing_of_an_endless_message(ZMQ_SERVER, "CLIENT", "SERVER");
    }

    fn client_keeps_nothing_of_a_message_that_never_ends() {
        keeps_nothing_of_an_endless_message(ZMQ_CLIENT, "SERVER", "CLIENT");
    }

    fn gather_keeps_nothing_of_a_message_that_never_ends() {
        keeps_nothing_of_an_endless_message(ZMQ_GATHER, "SCATTER", "GATHER");
    }

    fn channel_keeps_nothing_of_a_message_that_never_ends() {
        keeps_nothing_of_an_endless_message(ZMQ_CHANNEL, "CHANNEL", "CHANNEL");
    }

    fn peer_keeps_nothing_of_a_message_that_never_ends() {
        keeps_nothing_of_an_endless_message(ZMQ_PEER, "PEER", "PEER");
    }

    fn pull_disconnects_a_peer_whose_message_never_ends() {
        for (kind, name, peer) in [
            (ZMQ_PULL, "PULL", "PUSH"),
            (ZMQ_ROUTER, "\0\0\0\0", "DEALER"),
            (ZMQ_REP, "REP", "DEALER"),
            (ZMQ_DEALER, "\0\0\0\0", "DEALER"),
            (ZMQ_PAIR, "PAIR", "PAIR"),
            (ZMQ_XPUB, "XPUB", "XSUB"),
            (ZMQ_PUB, "PUB", "XSUB"),
            (ZMQ_XSUB, "XSUB", "XPUB"),
        ] {
            let ctx = Ctx::new();
            let socket = ctx.socket(kind);
            assert_eq!(socket.try_set(ZMQ_MAXMSGSIZE, &100_000_i64.to_ne_bytes()), Ok(0));
            let endpoint = socket.bound("tcp://127.0.0.1:*");
            for part in [&[b'x'; 65_536][..], b""] {
                let mut bad = wire::introduced(&endpoint, &wire::hello(peer), name.as_bytes());
                let before = allocated();
                assert!(!endless(&mut bad, part, 10_000_000), "{name}");
                let grown = allocated().saturating_sub(before);
                assert!(grown < 8_000_000, "{name}: {grown}");
            }
        }
    }

    fn message_of_the_largest_size_in_several_parts_is_received() {
        let ctx = Ctx::new();
        let (pull, push) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PUSH));
        assert_eq!(pull.try_set(ZMQ_MAXMSGSIZE, &100_i64.to_ne_bytes()), Ok(0));
        let endpoint = pull.bound("tcp://127.0.0.1:*");
        assert_eq!(push.connect(&endpoint), Ok(0));
        for _ in 0..3 {
            assert_eq!(push.send(&[b'x'; 60], SNDMORE), Ok(60));
            assert_eq!(push.send(&[b'x'; 40], 0), Ok(40));
            assert_eq!(push.send(&[b'x'; 100], 0), Ok(100));
        }
        for _ in 0..3 {
            assert_eq!(pull.multipart().concat().len(), 100);
            assert_eq!(pull.multipart().concat().len(), 100);
        }
    }

    fn socket_that_does_not_receive_keeps_little_of_peers_that_have_gone() {
        const PEERS: usize = 200;
        if !malloc_counts() {
            return;
        }
        let descriptors = || std::fs::read_dir("/proc/self/fd").expect("Linux").count();
        for (kind, name, peer) in [
            (ZMQ_REP, "REP", "REQ"),
            (ZMQ_ROUTER, "Identity\0\0\0\0", "DEALER"),
            (ZMQ_PULL, "PULL", "PUSH"),
            (ZMQ_SERVER, "SERVER", "CLIENT"),
        ] {
            let ctx = Ctx::new();
            let socket = ctx.socket(kind);
            let endpoint = socket.bound("tcp://127.0.0.1:*");
            let open = descriptors();
            let visit = || {
                let mut gone = wire::introduced(&endpoint, &wire::hello(peer), name.as_bytes());
                let message = [wire::frame(wire::MORE, b""), wire::frame(0, b"request")].concat();
                gone.write_all(&message[if kind == ZMQ_SERVER { 2 } else { 0 }..]).expect("taken");
                // A connection with unread bytes would end by a reset, and take the request with it.
                gone.shutdown(std::net::Shutdown::Write).expect("an open connection");
                wire::rest(&mut gone);
                drop(gone);
                eventually("it is gone", || {
                    socket.process();
                    (descriptors() == open).then_some(())
                });
            };
            visit();
            let before = allocated();
            (0..PEERS).for_each(|_| visit());
            let each = allocated().saturating_sub(before) / PEERS;
            assert!(each < 8000, "{name}: {each} bytes");
            // All of what they sent is still there.
            for _ in 0..=PEERS {
                assert!(socket.multipart().concat().ends_with(b"request"));
                if kind == ZMQ_REP {
                    assert_eq!(socket.send(b"answer", 0), Ok(6));
                }
            }
        }
    }
}
