//! Which connection an identity stands for.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use crate::wire;
use crate::zmq::*;

const SOON: Duration = Duration::from_secs(20);

fn named(ctx: Ctx, kind: u32, name: &[u8]) -> Sock {
    let socket = ctx.socket(kind);
    assert_eq!(socket.try_set(ZMQ_ROUTING_ID, name), Ok(0));
    socket
}

fn dealer(ctx: Ctx, name: &[u8]) -> Sock {
    if name.is_empty() { ctx.socket(ZMQ_DEALER) } else { named(ctx, ZMQ_DEALER, name) }
}

fn mandatory(ctx: Ctx) -> Sock {
    let router = ctx.socket(ZMQ_ROUTER);
    router.set(ZMQ_ROUTER_MANDATORY, 1);
    router.set(ZMQ_RECONNECT_IVL, 10);
    router
}

/// Both frames, or the error of the first.
fn route(router: Sock, name: &[u8], body: &[u8]) -> Result<usize> {
    router.send(name, SNDMORE)?;
    router.send(body, 0)
}

/// The next byte that the peer of a STREAM gets.
fn hears(mut peer: &TcpStream) -> u8 {
    let mut byte = [0];
    std::io::Read::read_exact(&mut peer, &mut byte).expect("a byte");
    byte[0]
}

cases! {
    #[cfg_attr(not(target_os = "linux"), ignore = "counts descriptors in /proc")]
    fn refused_peers_with_full_queues_keep_no_descriptors() {
        let descriptors = || std::fs::read_dir("/proc/self/fd").expect("a list of them").count();
        let ctx = Ctx::new();
        // With the end of what each says before it is ready.
        for (kind, end) in [(ZMQ_ROUTER, &b"Identity\0\0\0\0"[..]), (ZMQ_REP, b"REP")] {
            let router = ctx.socket(kind);
            let endpoint = router.bound("tcp://127.0.0.1:*");
            let owner = named(ctx, ZMQ_REQ, b"owner");
            assert_eq!(owner.connect(&endpoint), Ok(0));
            assert_eq!(owner.send(b"mine", 0), Ok(4));
            assert!(router.recv_within(SOON).is_ok());
            while router.get(ZMQ_RCVMORE) == 1 {
                assert!(router.recv(0).is_ok());
            }
            let before = descriptors();
            let mut properties = wire::property("Socket-Type", b"REQ");
            properties.extend(wire::property("Identity", b"owner"));
            let hello = [wire::greeting("NULL"), wire::command("READY", &properties)].concat();
            let flood = wire::frame(0, b"").repeat(1100);
            for turn in 0..100 {
                // Half of them close with what the socket said unread, which is a reset.
                let mut peer = match turn % 2 {
                    0 => wire::introduced(&endpoint, &hello, end),
                    _ => wire::peer(&endpoint, &hello),
                };
                // The socket may disconnect at any time.
                let _ = peer.write_all(&flood);
            }
            eventually("the descriptors are back", || {
                router.process();
                (descriptors() <= before).then_some(())
            });
        }
    }

    fn connect_routing_id_with_immediate_belongs_to_its_connection() {
        let ctx = Ctx::new();
        let (router, near) = (mandatory(ctx), named(ctx, ZMQ_DEALER, b"near"));
        router.set(ZMQ_IMMEDIATE, 1);
        let (listener, far_at) = wire::listener();
        drop(listener);
        assert_eq!(router.try_set(ZMQ_CONNECT_ROUTING_ID, b"far"), Ok(0));
        assert_eq!(router.connect(&far_at), Ok(0));
        assert_eq!(router.connect(&near.bound("tcp://127.0.0.1:*")), Ok(0));
        eventually("near is there", || route(router, b"near", b"for near").ok());
        assert_eq!(near.recv_within(SOON).expect("a message").body(), b"for near");
        assert_eq!(route(router, b"far", b"lost"), Err(EHOSTUNREACH));
        let far = named(ctx, ZMQ_DEALER, b"its own name");
        assert_eq!(far.bind(&far_at), Ok(0));
        eventually("far is there", || route(router, b"far", b"for far").ok());
        assert_eq!(far.recv_within(SOON).expect("a message").body(), b"for far");
        assert_eq!(near.recv(DONTWAIT).err(), Some(EAGAIN));
        // And once more after a restart.
        far.close();
        assert!(eventually("far is gone", || route(router, b"far", b"lost").err()) == EHOSTUNREACH);
        let far = ctx.socket(ZMQ_DEALER);
        eventually("the port is free", || far.bind(&far_at).ok());
        eventually("far is back", || route(router, b"far", b"for far").ok());
        assert_eq!(far.recv_within(SOON).expect("a message").body(), b"for far");
    }

    fn connect_routing_id_is_dropped_by_a_failed_connect() {
        let ctx = Ctx::new();
        for failing in ["nonsense", "tcp://127.0.0.1", "wat://x", "udp://127.0.0.1:1"] {
            let (router, peer) = (mandatory(ctx), named(ctx, ZMQ_DEALER, b"peer"));
            assert_eq!(router.try_set(ZMQ_CONNECT_ROUTING_ID, b"given"), Ok(0));
            assert!(router.connect(failing).is_err(), "{failing}");
            assert_eq!(router.connect(&peer.bound("tcp://127.0.0.1:*")), Ok(0));
            eventually("the peer is there", || route(router, b"peer", b"x").ok());
            assert_eq!(route(router, b"given", b"x"), Err(EHOSTUNREACH));
        }
    }

    fn connect_routing_id_over_inproc_belongs_to_its_connection() {
        let ctx = Ctx::new();
        for bind_first in [true, false] {
            let router = mandatory(ctx);
            let (peer, other) = (named(ctx, ZMQ_DEALER, b"peer"), ctx.socket(ZMQ_DEALER));
            router.set(ZMQ_IMMEDIATE, 1);
            if bind_first {
                assert_eq!(peer.bind("inproc://x"), Ok(0));
            }
            assert_eq!(router.try_set(ZMQ_CONNECT_ROUTING_ID, b"given"), Ok(0));
            assert_eq!(router.connect("inproc://x"), Ok(0));
            assert_eq!(other.bind("inproc://y"), Ok(0));
            assert_eq!(router.connect("inproc://y"), Ok(0));
            if !bind_first {
                assert_eq!(peer.bind("inproc://x"), Ok(0));
            }
            assert_eq!(route(router, b"given", b"x"), Ok(1));
            assert_eq!(peer.multipart(), [b"x"]);
            assert_eq!(other.recv(DONTWAIT).err(), Some(EAGAIN));
            for (socket, endpoint) in [(peer, "inproc://x"), (other, "inproc://y")] {
                assert_eq!(socket.unbind(endpoint), Ok(0));
            }
        }
    }

    fn connect_routing_id_of_a_stream_with_immediate_belongs_to_its_connection() {
        let ctx = Ctx::new();
        let stream = ctx.socket(ZMQ_STREAM);
        stream.set(ZMQ_IMMEDIATE, 1);
        let ((one, one_at), (two, two_at)) = (wire::listener(), wire::listener());
        for (name, endpoint) in [(b"one", &one_at), (b"two", &two_at)] {
            assert_eq!(stream.try_set(ZMQ_CONNECT_ROUTING_ID, name), Ok(0));
            assert_eq!(stream.connect(endpoint), Ok(0));
        }
        let (one, two) = (wire::accept(&one), wire::accept(&two));
        for (name, peer) in [(b"one", &one), (b"two", &two)] {
            eventually("the connection has its name", || {
                stream.send(name, SNDMORE).ok()?;
                stream.send(&name[..1], 0).ok()
            });
            assert_eq!(hears(peer), name[0]);
        }
    }

    fn connect_routing_id_of_a_stream_takes_over_from_an_older_connection() {
        let ctx = Ctx::new();
        let stream = ctx.socket(ZMQ_STREAM);
        let ((one, one_at), (two, two_at)) = (wire::listener(), wire::listener());
        let mut peers = Vec::new();
        for (listener, endpoint) in [(&one, &one_at), (&two, &two_at)] {
            assert_eq!(stream.try_set(ZMQ_CONNECT_ROUTING_ID, b"given"), Ok(0));
            assert_eq!(stream.connect(endpoint), Ok(0));
            peers.push(wire::accept(listener));
        }
        assert_eq!(stream.send(b"given", SNDMORE), Ok(5));
        assert_eq!(stream.send(b"2", 0), Ok(1));
        assert_eq!(hears(&peers[1]), b'2');
        assert!(wire::rest(&mut peers[0]).is_empty());
    }

    fn peer_that_restarts_with_another_identity_is_a_new_peer() {
        let ctx = Ctx::new();
        for (old, new) in [(&b"old"[..], &b"new"[..]), (b"old", b""), (b"", b"new")] {
            let router = mandatory(ctx);
            let first = dealer(ctx, old);
            let endpoint = first.bound(&apart("tcp"));
            let gone = router.monitor(ctx, ZMQ_EVENT_DISCONNECTED);
            assert_eq!(router.connect(&endpoint), Ok(0));
            assert_eq!(first.send(b"I am old", 0), Ok(8));
            let old = router.multipart().swap_remove(0);
            // The old peer's last word is read after the new one is there.
            assert_eq!(first.send(b"goodbye", 0), Ok(7));
            eventually("the last word", || (router.get(ZMQ_EVENTS) & 1 == 1).then_some(()));
            first.close();
            gone.event();
            // The ROUTER does not know the identity of the next peer yet.
            assert_eq!(route(router, &old, b"for old"), Ok(7));
            let second = dealer(ctx, new);
            eventually("the port is free", || second.bind(&endpoint).ok());
            assert_eq!(second.send(b"I am new", 0), Ok(8));
            assert_eq!(router.multipart(), [&old[..], b"goodbye"]);
            let frames = router.multipart();
            assert_eq!(frames[1], b"I am new");
            assert_ne!(frames[0], old);
            assert_eq!(route(router, &frames[0], b"for new"), Ok(7));
            assert_eq!(second.recv_within(SOON).expect("a message").body(), b"for new");
            assert_eq!(route(router, &old, b"for old"), Err(EHOSTUNREACH));
            assert_eq!(second.recv(DONTWAIT).err(), Some(EAGAIN));
        }
    }

    fn peer_that_restarts_with_the_same_identity_receives_waiting_messages() {
        let ctx = Ctx::new();
        for name in [&b"peer"[..], b""] {
            let router = mandatory(ctx);
            let first = dealer(ctx, name);
            let endpoint = first.bound(&apart("tcp"));
            let gone = router.monitor(ctx, ZMQ_EVENT_DISCONNECTED);
            assert_eq!(router.connect(&endpoint), Ok(0));
            assert_eq!(first.send(b"hello", 0), Ok(5));
            let id = router.multipart().swap_remove(0);
            first.close();
            gone.event();
            assert_eq!(route(router, &id, b"waited"), Ok(6));
            let second = dealer(ctx, name);
            eventually("the port is free", || second.bind(&endpoint).ok());
            assert_eq!(second.recv_within(SOON).expect("a message").body(), b"waited");
        }
    }

    fn connect_routing_id_survives_the_restart_of_the_peer() {
        let ctx = Ctx::new();
        let router = mandatory(ctx);
        let first = named(ctx, ZMQ_DEALER, b"first");
        let endpoint = first.bound(&apart("tcp"));
        let gone = router.monitor(ctx, ZMQ_EVENT_DISCONNECTED);
        assert_eq!(router.try_set(ZMQ_CONNECT_ROUTING_ID, b"given"), Ok(0));
        assert_eq!(router.connect(&endpoint), Ok(0));
        assert_eq!(route(router, b"given", b"1"), Ok(1));
        assert_eq!(first.recv_within(SOON).expect("a message").body(), b"1");
        first.close();
        gone.event();
        let second = named(ctx, ZMQ_DEALER, b"second");
        eventually("the port is free", || second.bind(&endpoint).ok());
        assert_eq!(route(router, b"given", b"2"), Ok(1));
        assert_eq!(second.recv_within(SOON).expect("a message").body(), b"2");
    }

    /// Its first connection ended with messages that are not read yet.
    fn router_accepts_a_peer_that_reconnects_before_its_messages_are_read() {
        let ctx = Ctx::new();
        let router = mandatory(ctx);
        let endpoint = router.bound("tcp://127.0.0.1:*");
        let there = router.monitor(ctx, ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED);
        let first = named(ctx, ZMQ_DEALER, b"peer");
        first.set(ZMQ_LINGER, -1);
        assert_eq!(first.connect(&endpoint), Ok(0));
        for number in 0..3 {
            assert_eq!(first.send(&[number], 0), Ok(1));
        }
        assert_eq!(u32::from(there.event()), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
        eventually("it is known", || (router.get(ZMQ_EVENTS) & 1 == 1).then_some(()));
        first.close();
        assert_eq!(u32::from(there.event()), ZMQ_EVENT_DISCONNECTED);
        let second = named(ctx, ZMQ_DEALER, b"peer");
        assert_eq!(second.connect(&endpoint), Ok(0));
        assert_eq!(second.send(b"back", 0), Ok(4));
        assert_eq!(u32::from(there.event()), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
        router.process();
        // One connection is as good as the other.
        let mut received: Vec<_> = (0..4).map(|_| router.multipart()).collect();
        received.sort();
        for (frames, body) in received.iter().zip([&[0][..], &[1], &[2], b"back"]) {
            assert_eq!(*frames, [b"peer", body]);
        }
        assert_eq!(route(router, b"peer", b"welcome"), Ok(7));
        assert_eq!(second.recv_within(SOON).expect("a message").body(), b"welcome");
    }

    fn unfinished_message_of_a_refused_peer_ends_with_its_connection() {
        let ctx = Ctx::new();
        let router = ctx.socket(ZMQ_ROUTER);
        assert_eq!(router.try_set(ZMQ_MAXMSGSIZE, &100_i64.to_ne_bytes()), Ok(0));
        router.set(ZMQ_RECONNECT_IVL, 1);
        let properties =
            [wire::property("Socket-Type", b"ROUTER"), wire::property("Identity", b"same")];
        let hello = [wire::greeting("NULL"), wire::command("READY", &properties.concat())].concat();
        let greet = |listener| {
            let mut server = wire::accept(listener);
            server.write_all(&hello).expect("taken");
            wire::read_until(&mut server, b"READY");
            // The socket refuses the second one, and the session learns of it.
            (0..2).for_each(|_| {
                settle();
                router.process();
            });
            settle();
            server
        };
        let (first, endpoint) = wire::listener();
        assert_eq!(router.connect(&endpoint), Ok(0));
        let _first = greet(&first);
        let (second, endpoint) = wire::listener();
        assert_eq!(router.connect(&endpoint), Ok(0));
        for _ in 0..3 {
            let mut server = greet(&second);
            // More than a message may have.
            let parts = wire::frame(wire::MORE, &[b'x'; 60]).repeat(3);
            server.write_all(&parts).expect("taken");
            settle();
        }
    }

    fn peer_whose_identity_is_in_use_is_served_when_it_is_free() {
        for kind in [ZMQ_ROUTER, ZMQ_REP] {
            let ctx = Ctx::new();
            let router = ctx.socket(kind);
            let endpoint = router.bound(&apart("tcp"));
            let (first, second) = (named(ctx, ZMQ_REQ, b"same"), named(ctx, ZMQ_REQ, b"same"));
            assert_eq!(first.connect(&endpoint), Ok(0));
            assert_eq!(first.send(b"first", 0), Ok(5));
            assert_eq!(router.multipart().last().expect("a frame"), b"first");
            second.set(ZMQ_RECONNECT_IVL, 1);
            second.set(ZMQ_REQ_RELAXED, 1);
            let events = second.monitor(ctx, ZMQ_EVENT_DISCONNECTED);
            assert_eq!(second.connect(&endpoint), Ok(0));
            settle_briefly();
            // The router refuses it when it looks.
            eventually("the peer is refused", || {
                router.process();
                events.recv_within(Duration::from_millis(5)).ok()
            });
            assert_eq!(router.recv(DONTWAIT).err(), Some(if kind == ZMQ_REP { EFSM } else { EAGAIN }));
            if kind == ZMQ_REP {
                assert_eq!(router.send(b"reply", 0), Ok(5));
            }
            first.close();
            eventually("a message of the second", || {
                let _ = second.send(b"second", DONTWAIT);
                let msg = router.recv_within(Duration::from_millis(20)).ok()?;
                (msg.body() == b"second" || msg.body() == b"same").then_some(())
            });
        }
    }

    fn connecting_router_serves_a_refused_peer_when_its_identity_is_free() {
        let ctx = Ctx::new();
        let router = mandatory(ctx);
        let (first, second) = (named(ctx, ZMQ_ROUTER, b"same"), named(ctx, ZMQ_ROUTER, b"same"));
        let endpoint = first.bound(&apart("tcp"));
        assert_eq!(router.connect(&endpoint), Ok(0));
        eventually("the first is known", || route(router, b"same", b"first").ok());
        assert_eq!(router.connect(&second.bound(&apart("tcp"))), Ok(0));
        // The router looks, and the session learns of its refusal.
        (0..2).for_each(|_| {
            settle_briefly();
            router.process();
        });
        assert_eq!(router.disconnect(&endpoint), Ok(0));
        eventually("a message reaches the second", || {
            let _ = route(router, b"same", b"second");
            second.recv_within(Duration::from_millis(5)).ok()
        });
    }

    fn handover_keeps_what_was_received_before() {
        for begun in [false, true] {
            let ctx = Ctx::new();
            let router = ctx.socket(ZMQ_ROUTER);
            router.set(ZMQ_ROUTER_HANDOVER, 1);
            let endpoint = router.bound(&apart("tcp"));
            let (old, new) = (named(ctx, ZMQ_DEALER, b"same"), named(ctx, ZMQ_DEALER, b"same"));
            assert_eq!(old.connect(&endpoint), Ok(0));
            for number in 0..3 {
                assert_eq!(old.send(&[number], SNDMORE), Ok(1));
                assert_eq!(old.send(b"old", 0), Ok(3));
            }
            settle();
            router.process();
            if begun {
                assert_eq!(router.recv(0).expect("a frame").body(), b"same");
            }
            assert_eq!(new.connect(&endpoint), Ok(0));
            assert_eq!(new.send(b"new", 0), Ok(3));
            settle();
            router.process();
            settle();
            let mut received = Vec::new();
            if begun {
                received.push([vec![b"same".to_vec()], router.multipart()].concat());
            }
            while received.len() < 4 {
                received.push(router.multipart());
            }
            received.sort();
            let message = |number| vec![b"same".to_vec(), vec![number], b"old".to_vec()];
            let last = vec![b"same".to_vec(), b"new".to_vec()];
            assert_eq!(received, [message(0), message(1), message(2), last]);
            // The old connection has no name any more.
            eventually("an answer", || {
                route(router, b"same", b"answer").ok()?;
                new.recv_within(Duration::from_millis(20)).ok()
            });
            assert_eq!(old.recv(DONTWAIT).err(), Some(EAGAIN));
            assert_eq!(old.send(b"late", 0), Ok(4));
            assert_eq!(new.send(b"next", 0), Ok(4));
            assert_eq!(router.multipart(), [&b"same"[..], b"next"]);
        }
    }
}
