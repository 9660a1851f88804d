//! Hostile peers: they may lose their own connection, and have no other effect.

use std::io::{Read, Write};
use std::thread;
use std::time::Duration;

use crate::wire::{self, COMMAND, MORE};
use crate::zmq::*;

/// What a socket that has no routing id of its own says last of all, before it is ready.
const NAMELESS: &[u8] = b"Identity\0\0\0\0";

/// Receives until nothing comes any more.
fn drain(socket: Sock) -> Vec<Vec<u8>> {
    let mut received = Vec::new();
    while let Ok(msg) = socket.recv_within(QUIET) {
        received.push(msg.body().to_vec());
    }
    received
}

/// A PULL with the shortest queue, and a peer whose connection ended by a reset while it had more
/// to say.
fn reset_while_full(pull: Sock, says: &[Vec<u8>]) -> String {
    pull.set(ZMQ_RCVHWM, 1);
    let endpoint = pull.bound("tcp://127.0.0.1:*");
    let mut peer = wire::introduced(&endpoint, &wire::hello("PUSH"), b"PULL");
    // It does not read what answers the ping: for the kernel its end is a reset.
    peer.write_all(&[wire::command("PING", b"\0\0"), says.concat()].concat()).expect("taken");
    let first = pull.recv_within(SOON).expect("the first message");
    assert_eq!(first.body(), b"0");
    drop(peer);
    settle();
    endpoint
}

/// Messages whose bodies are numbers.
fn numbers(range: std::ops::Range<u32>) -> Vec<Vec<u8>> {
    range.map(|number| wire::frame(0, number.to_string().as_bytes())).collect()
}

/// A socket connected to `endpoint`, which good messages still come from.
fn push_gets_through(ctx: Ctx, endpoint: &str, pull: Sock) {
    let push = ctx.socket(ZMQ_PUSH);
    assert_eq!(push.connect(endpoint), Ok(0));
    wire::gets_through(push, pull);
}

cases! {
    fn heartbeat_on_a_reset_connection_with_a_full_queue_does_not_abort() {
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        pull.set(ZMQ_HEARTBEAT_IVL, 20);
        pull.set(ZMQ_HEARTBEAT_TIMEOUT, 60_000);
        let endpoint = reset_while_full(pull, &numbers(0..20));
        // Some heartbeats are due.
        thread::sleep(Duration::from_millis(200));
        assert_eq!(drain(pull).len(), 19);
        push_gets_through(ctx, &endpoint, pull);
    }

    fn ping_read_after_a_reset_with_a_full_queue_does_not_abort() {
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        let mut says = numbers(0..10);
        says.push(wire::command("PING", b"\0\0context"));
        says.extend(numbers(10..12));
        let endpoint = reset_while_full(pull, &says);
        assert_eq!(drain(pull).len(), 11);
        push_gets_through(ctx, &endpoint, pull);
    }

    fn ping_without_time_to_live_is_not_answered() {
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        let endpoint = pull.bound("tcp://127.0.0.1:*");
        let mut peer = wire::introduced(&endpoint, &wire::hello("PUSH"), b"PULL");
        // What the message of the next command may be put on.
        peer.write_all(&wire::frame(COMMAND, b"\x06SECRET of another peer, perhaps"))
            .expect("taken");
        for short in [&b""[..], b"\0"] {
            peer.write_all(&wire::command("PING", short)).expect("taken");
        }
        peer.write_all(&wire::command("PING", b"\0\0whole")).expect("taken");
        assert_eq!(wire::read_until(&mut peer, b"whole"), wire::command("PONG", b"whole"));
        push_gets_through(ctx, &endpoint, pull);
    }

    fn router_skips_an_identity_that_a_peer_has_claimed() {
        let ctx = Ctx::new();
        let router = ctx.socket(ZMQ_ROUTER);
        let endpoint = router.bound("tcp://127.0.0.1:*");
        // The identity of one peer shows which one the next peer gets.
        let dealer = ctx.socket(ZMQ_DEALER);
        assert_eq!(dealer.connect(&endpoint), Ok(0));
        assert_eq!(dealer.send(b"hello", 0), Ok(5));
        let id = router.multipart().swap_remove(0);
        let number = u32::from_be_bytes(id[1..].try_into().expect("five bytes"));
        let mut thieves = Vec::new();
        for next in 1..=3 {
            let mut claimed = vec![0];
            claimed.extend(number.wrapping_add(next).to_be_bytes());
            let properties =
                [wire::property("Socket-Type", b"DEALER"), wire::property("Identity", &claimed)]
                    .concat();
            let hello = [wire::greeting("NULL"), wire::command("READY", &properties)].concat();
            let mut thief = wire::introduced(&endpoint, &hello, NAMELESS);
            thief.write_all(&wire::frame(0, b"mine")).expect("taken");
            assert_eq!(router.multipart(), [&claimed[..], b"mine"]);
            thieves.push(thief);
        }
        for _ in 0..2 {
            let other = ctx.socket(ZMQ_DEALER);
            assert_eq!(other.connect(&endpoint), Ok(0));
            assert_eq!(other.send(b"hello", 0), Ok(5));
            let frames = router.multipart();
            assert_eq!(frames[1], b"hello");
            assert_eq!(router.send(&frames[0], SNDMORE), Ok(5));
            assert_eq!(router.send(b"answer", 0), Ok(6));
            assert_eq!(other.multipart(), [b"answer"]);
        }
    }

    fn connect_routing_id_claimed_by_a_peer_goes_to_the_connection() {
        let ctx = Ctx::new();
        let (router, other) = (ctx.socket(ZMQ_ROUTER), ctx.socket(ZMQ_ROUTER));
        let endpoint = router.bound("tcp://127.0.0.1:*");
        let thief = ctx.socket(ZMQ_DEALER);
        assert_eq!(thief.try_set(ZMQ_ROUTING_ID, b"other"), Ok(0));
        assert_eq!(thief.connect(&endpoint), Ok(0));
        assert_eq!(thief.send(b"I am other", 0), Ok(10));
        assert_eq!(router.multipart(), [&b"other"[..], b"I am other"]);
        let address = other.bound("tcp://127.0.0.1:*");
        assert_eq!(router.try_set(ZMQ_CONNECT_ROUTING_ID, b"other"), Ok(0));
        assert_eq!(router.connect(&address), Ok(0));
        assert_eq!(router.send(b"other", SNDMORE), Ok(5));
        assert_eq!(router.send(b"it is for you", 0), Ok(13));
        assert_eq!(other.multipart()[1], b"it is for you");
    }

    fn router_with_a_full_queue_accepts_a_zmtp_2_peer_that_reconnects() {
        let ctx = Ctx::new();
        let router = ctx.socket(ZMQ_ROUTER);
        router.set(ZMQ_RCVHWM, 1);
        router.set(ZMQ_RECONNECT_IVL, 1);
        let (listener, endpoint) = wire::listener();
        assert_eq!(router.connect(&endpoint), Ok(0));
        for body in [&b"first"[..], b"second"] {
            // ZMTP 2.0 of a DEALER that has no name.
            let mut peer = wire::accept(&listener);
            peer.write_all(
                &[wire::greeting_2_0(5), wire::frame(0, b""), wire::frame(0, body)].concat(),
            )
            .expect("taken");
            // It says whatever comes first, and nothing more.
            peer.read_exact(&mut [0; 12]).expect("a greeting");
            settle();
            if body == b"second" {
                assert_eq!(router.multipart()[1], b"first");
                assert_eq!(router.multipart()[1], b"second");
            }
        }
    }

    fn router_with_a_full_queue_receives_from_a_peer_that_reconnects() {
        let ctx = Ctx::new();
        let router = ctx.socket(ZMQ_ROUTER);
        router.set(ZMQ_RCVHWM, 1);
        router.set(ZMQ_RECONNECT_IVL, 1);
        let (listener, endpoint) = wire::listener();
        assert_eq!(router.connect(&endpoint), Ok(0));
        for body in [&b"first"[..], b"second"] {
            let mut peer = wire::accept(&listener);
            peer.write_all(&wire::hello("DEALER")).expect("taken");
            wire::read_until(&mut peer, NAMELESS);
            peer.write_all(&wire::frame(0, body)).expect("taken");
            settle();
            if body == b"second" {
                assert_eq!(router.multipart()[1], b"first");
                assert_eq!(router.multipart()[1], b"second");
            }
        }
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn router_releases_peers_whose_identity_is_in_use() {
        let ctx = Ctx::new();
        let router = ctx.socket(ZMQ_ROUTER);
        let endpoint = router.bound("tcp://127.0.0.1:*");
        let good = ctx.socket(ZMQ_DEALER);
        assert_eq!(good.try_set(ZMQ_ROUTING_ID, b"good"), Ok(0));
        assert_eq!(good.connect(&endpoint), Ok(0));
        assert_eq!(good.send(b"hello", 0), Ok(5));
        assert_eq!(router.multipart()[1], b"hello");
        let properties =
            [wire::property("Socket-Type", b"DEALER"), wire::property("Identity", b"good")]
                .concat();
        let hello = [wire::greeting("NULL"), wire::command("READY", &properties)].concat();
        grows_less_than(1000, router, || {
            let mut peer = wire::introduced(&endpoint, &hello, NAMELESS);
            peer.write_all(&wire::frame(0, &[b'x'; 4000])).expect("taken");
            drop(peer);
        });
        assert_eq!(good.send(b"still", 0), Ok(5));
        assert_eq!(router.multipart(), [&b"good"[..], b"still"]);
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn dish_frees_a_group_without_a_body_after_a_disconnect() {
        let ctx = Ctx::new();
        let dish = ctx.socket(ZMQ_DISH);
        let endpoint = dish.bound("tcp://127.0.0.1:*");
        grows_less_than(1000, dish, || {
            let mut peer = wire::introduced(&endpoint, &wire::hello("RADIO"), b"DISH");
            peer.write_all(&wire::frame(MORE, &[b'g'; 200])).expect("taken");
            drop(peer);
        });
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn radio_frees_a_body_that_was_not_sent_after_a_disconnect() {
        let ctx = Ctx::new();
        let radio = ctx.socket(ZMQ_RADIO);
        radio.set(ZMQ_SNDBUF, 4096);
        radio.set(ZMQ_SNDHWM, 0);
        let endpoint = radio.bound("tcp://127.0.0.1:*");
        let group = "g".repeat(255);
        // On the wire each message takes 800 bytes, so that a batch of 8192 ends with the group of
        // the eleventh.
        let send = || radio.send_to_group(&group, &[b'x'; 534]);
        grows_less_than(100, radio, || {
            let mut peer = wire::introduced(&endpoint, &wire::hello("DISH"), b"RADIO");
            wire::hears_little(&peer);
            peer.write_all(&wire::command("JOIN", group.as_bytes())).expect("taken");
            peer.set_nonblocking(true).expect("an option");
            // The peer has joined by then. More follows than the kernel takes, and the peer stops
            // reading.
            eventually("news", || {
                send();
                peer.read(&mut [0]).ok().map(|n| assert_eq!(n, 1, "hung up"))
            });
            (0..50).for_each(|_| send());
            settle_briefly();
            drop(peer);
        });
    }

    fn conflating_socket_receives_each_frame_as_a_message() {
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        pull.set(ZMQ_CONFLATE, 1);
        let endpoint = pull.bound("tcp://127.0.0.1:*");
        let mut peer = wire::introduced(&endpoint, &wire::hello("PUSH"), b"PULL");
        peer.write_all(&wire::frame(MORE, b"and then")).expect("taken");
        let msg = pull.recv_within(SOON).expect("the frame");
        assert_eq!((msg.body(), pull.get(ZMQ_RCVMORE)), (&b"and then"[..], 0));
        assert_eq!(pull.recv(DONTWAIT).err(), Some(EAGAIN));
        drop(peer);
        push_gets_through(ctx, &endpoint, pull);
    }

    fn xpub_manual_applies_a_subscription_to_its_sender_after_other_messages() {
        let ctx = Ctx::new();
        let xpub = ctx.socket(ZMQ_XPUB);
        xpub.set(ZMQ_XPUB_MANUAL, 1);
        let endpoint = xpub.bound("tcp://127.0.0.1:*");
        let good = ctx.socket(ZMQ_SUB);
        // The first is not a subscription, the second is; the good one comes in between.
        let mut bad = wire::introduced(&endpoint, &wire::hello("XSUB"), b"XPUB");
        bad.write_all(&wire::frame(0, b"no subscription")).expect("taken");
        let readable = i32::try_from(ZMQ_POLLIN).expect("fits");
        eventually("that message", || (xpub.get(ZMQ_EVENTS) & readable != 0).then_some(()));
        assert_eq!(good.connect(&endpoint), Ok(0));
        assert_eq!(good.try_set(ZMQ_SUBSCRIBE, b"good"), Ok(0));
        settle();
        xpub.process();
        bad.write_all(&wire::command("SUBSCRIBE", b"bad")).expect("taken");
        settle();
        xpub.process();
        for told in [&b"no subscription"[..], b"\x01good", b"\x01bad"] {
            assert_eq!(xpub.recv_within(SOON).expect("a message").body(), told);
            if let Some(topic) = told.strip_prefix(b"\x01") {
                assert_eq!(xpub.try_set(ZMQ_SUBSCRIBE, topic), Ok(0));
            }
        }
        assert_eq!(xpub.send(b"good news", 0), Ok(9));
        assert_eq!(good.recv_within(SOON).expect("the news").body(), b"good news");
    }

    #[cfg(target_os = "linux")]
    fn refused_peer_with_a_full_queue_keeps_no_descriptor() {
        for (kind, name) in [(ZMQ_PAIR, "PAIR"), (ZMQ_CHANNEL, "CHANNEL")] {
            let ctx = Ctx::new();
            let (socket, good) = (ctx.socket(kind), ctx.socket(kind));
            socket.set(ZMQ_RCVHWM, 1);
            let endpoint = socket.bound("tcp://127.0.0.1:*");
            assert_eq!(good.connect(&endpoint), Ok(0));
            wire::gets_through(good, socket);
            let before = descriptors();
            for _ in 0..10 {
                let mut peer = wire::introduced(&endpoint, &wire::hello(name), name.as_bytes());
                // It fills the queue before it is refused, and goes on until the socket hangs up.
                for _ in 0..2 {
let _ = peer.write_all(&numbers(0..3).concat());
                    settle_briefly();
                    socket.process();
                    settle_briefly();
                }
            }
            eventually("all are gone", || {
                socket.process();
                (descriptors() <= before).then_some(())
            });
            wire::gets_through(good, socket);
        }
    }

    #[cfg(target_os = "linux")]
    fn peer_that_sends_to_push_or_scatter_keeps_no_descriptor() {
        for (kind, peer_name, name) in
            [(ZMQ_PUSH, "PULL", "PUSH"), (ZMQ_SCATTER, "GATHER", "SCATTER")]
        {
            let ctx = Ctx::new();
            let socket = ctx.socket(kind);
            socket.set(ZMQ_RCVHWM, 1);
            let endpoint = socket.bound("tcp://127.0.0.1:*");
            let before = descriptors();
            for _ in 0..10 {
                let mut peer =
                    wire::introduced(&endpoint, &wire::hello(peer_name), name.as_bytes());
                peer.write_all(&numbers(0..3).concat()).expect("taken");
                socket.process();
            }
            eventually("all are gone", || {
                socket.process();
                (descriptors() <= before).then_some(())
            });
        }
    }

    fn frame_is_received_with_a_tiny_in_batch_size() {
        for size in [1, 2, 7, 8, 9] {
            let pull = Ctx::new().socket(ZMQ_PULL);
            pull.set(ZMQ_IN_BATCH_SIZE, size);
            let endpoint = pull.bound("tcp://127.0.0.1:*");
            let mut peer = wire::introduced(&endpoint, &wire::hello("PUSH"), b"PULL");
            for length in [1, 33, 34, 100, 256, 10_000] {
                let body = vec![b'x'; length];
                let long = u64::try_from(length).expect("fits").to_be_bytes();
                peer.write_all(&[&[2], &long[..], &body].concat()).expect("taken");
                let msg = pull.recv_within(SOON).expect("a message");
                assert!(msg.body() == body, "{length} bytes by {size}");
            }
        }
    }

    fn dish_stays_connected_to_a_radio_that_sends_heartbeats() {
        let ctx = Ctx::new();
        let dish = ctx.socket(ZMQ_DISH);
        assert_eq!(dish.join("g"), Ok(0));
        let endpoint = dish.bound("tcp://127.0.0.1:*");
        let mut peer = wire::introduced(&endpoint, &wire::hello("RADIO"), b"DISH");
        let ping = wire::command("PING", b"\0\0");
        for _ in 0..3 {
            let says =
                [&ping[..], &wire::frame(MORE, b"g"), &ping, &wire::frame(0, b"news")].concat();
            peer.write_all(&says).expect("taken");
            assert_eq!(dish.recv_within(SOON).expect("a message").body(), b"news");
        }
    }

    fn req_receives_the_reply_that_waited_for_room() {
        let ctx = Ctx::new();
        let req = ctx.socket(ZMQ_REQ);
        req.set(ZMQ_REQ_CORRELATE, 1);
        req.set(ZMQ_REQ_RELAXED, 1);
        req.set(ZMQ_RCVHWM, 1);
        let (listener, endpoint) = wire::listener();
        assert_eq!(req.connect(&endpoint), Ok(0));
        let mut rep = wire::accept(&listener);
        rep.write_all(&wire::hello("REP")).expect("taken");
        wire::read_until(&mut rep, b"Identity\0\0\0\0");
        let requests = [&b"first"[..], b"second"].map(|body| {
            assert_eq!(req.send(body, 0), Ok(body.len()));
            wire::read_until(&mut rep, body)
        });
        // Both are answered, the first late.
        rep.write_all(&requests.concat()).expect("taken");
        settle();
        assert_eq!(req.recv_within(SOON).expect("a reply").body(), b"second");
    }
}

/// Does it to that socket often, and says whether the memory of the process grew by that much each
/// time.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn grows_less_than(bytes: usize, socket: Sock, mut round: impl FnMut()) {
    const ROUNDS: usize = 200;
    // Queues keep a spare chunk each, which they may get at any time.
    const SPARE: usize = 32 << 10;
    let mut rounds = |number| {
        (0..number).for_each(|_| {
            round();
            socket.process();
        });
    };
    rounds(20);
    let before = allocated();
    rounds(ROUNDS);
    // What is on its way out may take a while.
    eventually("the memory is given back", || {
        socket.process();
        (allocated().saturating_sub(before) < SPARE + ROUNDS * bytes).then_some(())
    });
}

/// How many this process has open.
#[cfg(target_os = "linux")]
fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("a folder").count()
}
