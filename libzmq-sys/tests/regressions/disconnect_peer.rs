//! Ending the connection to one peer of a SERVER or PEER.

use std::time::Duration;

use crate::zmq::*;

const SOON: Duration = Duration::from_secs(20);

const TRANSPORTS: [&str; 3] = ["tcp://127.0.0.1:*", "ipc://*", "inproc://disconnect-peer"];

impl Sock {
    fn disconnect_peer(self, id: u32) -> Result {
        match c!(zmq_disconnect_peer(self.0, id)) {
            0 => Ok(()),
            _ => Err(c!(zmq_errno())),
        }
    }

    /// Says hello to the socket `to`, which answers with the routing id that this has there.
    fn introduce(self, to: Sock) -> u32 {
        assert_eq!(self.send(b"hello", 0), Ok(5));
        let hello = to.recv_within(SOON).expect("hello");
        assert_eq!(hello.body(), b"hello");
        hello.routing_id()
    }
}

fn transports() -> impl Iterator<Item = &'static str> {
    TRANSPORTS.into_iter().filter(|name| cfg!(unix) || !name.starts_with("ipc"))
}

cases! {
    fn disconnected_client_gets_what_was_queued_and_connects_anew() {
        for transport in transports() {
            let ctx = Ctx::new();
            let server = ctx.socket(ZMQ_SERVER);
            server.set(ZMQ_LINGER, 20_000);
            let endpoint = server.bound(transport);
            let (client, other) = (ctx.socket(ZMQ_CLIENT), ctx.socket(ZMQ_CLIENT));
            client.set(ZMQ_RECONNECT_IVL, 10);
            assert_eq!(client.connect(&endpoint), Ok(0));
            assert_eq!(other.connect(&endpoint), Ok(0));
            let id = client.introduce(server);
            let other_id = other.introduce(server);

            let big = vec![b'x'; 100_000];
            for _ in 0..50 {
                assert!(server.send_msg(Msg::to(&big, id), 0).is_ok(), "{transport}");
            }
            assert_eq!(server.disconnect_peer(id), Ok(()), "{transport}");
            let send = |id| server.send_msg(Msg::to(b"late", id), 0).map_err(|(errno, _)| errno);
            assert_eq!(send(id), Err(EHOSTUNREACH), "{transport}");
            assert_eq!(server.disconnect_peer(id), Err(EHOSTUNREACH), "{transport}");
            for _ in 0..50 {
                assert_eq!(client.recv_within(SOON).expect("what was queued").body(), big);
            }

            // The others notice nothing.
            assert_eq!(send(other_id), Ok(4), "{transport}");
            assert_eq!(other.recv_within(SOON).expect("a message").body(), b"late");

            // Over inproc nothing connects anew.
            if !transport.starts_with("inproc") {
                let anew = eventually("the client connects anew", || {
                    client.send(b"again", DONTWAIT).ok()?;
                    server.recv_within(Duration::from_millis(100)).ok()
                });
                assert_eq!(anew.body(), b"again");
                assert_ne!(anew.routing_id(), id);
            }
        }
    }

    fn messages_of_a_disconnected_peer_are_not_received() {
        for transport in transports() {
            let ctx = Ctx::new();
            let server = ctx.socket(ZMQ_SERVER);
            assert_eq!(server.try_set(ZMQ_DISCONNECT_MSG, b"gone"), Ok(0));
            let endpoint = server.bound(transport);
            let client = ctx.socket(ZMQ_CLIENT);
            client.set(ZMQ_RECONNECT_IVL, -1);
            assert_eq!(client.connect(&endpoint), Ok(0));
            let id = client.introduce(server);
            for _ in 0..100 {
                assert_eq!(client.send(b"unread", 0), Ok(6));
            }
            assert_eq!(server.recv_within(SOON).expect("the first").body(), b"unread");
            assert_eq!(server.disconnect_peer(id), Ok(()), "{transport}");
            let after = server.recv_within(Duration::from_millis(200));
            let after = after.map(|msg| msg.body().to_vec());
            assert_eq!(after, Err(EAGAIN), "{transport}");
        }
    }

    /// The connection itself ends, which only the network tells.
    fn connection_to_a_disconnected_peer_is_closed() {
        let ctx = Ctx::new();
        let server = ctx.socket(ZMQ_SERVER);
        let endpoint = server.bound("tcp://127.0.0.1:*");
        let client = ctx.socket(ZMQ_CLIENT);
        client.set(ZMQ_RECONNECT_IVL, -1);
        let events = client.monitor(ctx, ZMQ_EVENT_DISCONNECTED);
        assert_eq!(client.connect(&endpoint), Ok(0));
        let id = client.introduce(server);
        assert_eq!(server.disconnect_peer(id), Ok(()));
        events.set(ZMQ_RCVTIMEO, 20_000);
        assert_eq!(i64::from(events.event()), i64::from(ZMQ_EVENT_DISCONNECTED));
    }

    /// A peer that does not read keeps neither its connection nor its queue beyond the linger time.
    fn disconnected_peer_that_never_reads_is_closed_after_the_linger_time() {
        let ctx = Ctx::new();
        let server = ctx.socket(ZMQ_SERVER);
        server.set(ZMQ_LINGER, 200);
        let endpoint = server.bound("tcp://127.0.0.1:*");
        let client = ctx.socket(ZMQ_CLIENT);
        client.set(ZMQ_RECONNECT_IVL, -1);
        client.set(ZMQ_RCVHWM, 1);
        let events = client.monitor(ctx, ZMQ_EVENT_DISCONNECTED);
        assert_eq!(client.connect(&endpoint), Ok(0));
        let id = client.introduce(server);
        let big = vec![b'x'; 1 << 20];
        eventually("the queue is full", || {
            (0..100).find_map(|_| server.send_msg(Msg::to(&big, id), DONTWAIT).err())
        });
        assert_eq!(server.disconnect_peer(id), Ok(()));
        // It reads the end of what had come only when there is room for it.
        events.set(ZMQ_RCVTIMEO, 20_000);
        let reads = std::thread::spawn(move || {
            while client.recv_within(Duration::from_millis(1000)).is_ok() {}
        });
        assert_eq!(i64::from(events.event()), i64::from(ZMQ_EVENT_DISCONNECTED));
        reads.join().expect("no panic");
    }

    fn disconnected_peer_of_a_connecting_peer_is_not_connected_anew() {
        for transport in transports() {
            let ctx = Ctx::new();
            let (bound, connects) = (ctx.socket(ZMQ_PEER), ctx.socket(ZMQ_PEER));
            connects.set(ZMQ_RECONNECT_IVL, 10);
            connects.set(ZMQ_LINGER, 20_000);
            let endpoint = std::ffi::CString::new(bound.bound(transport)).expect("no NUL");
            let connect = || c!(zmq_connect_peer(connects.0, endpoint.as_ptr()));
            // Two connections to one endpoint: one ends, the other does not.
            let (first, second) = (connect(), connect());
            assert!(first != 0 && second != 0);
            assert!(connects.send_msg(Msg::to(b"last", first), 0).is_ok());
            assert_eq!(connects.disconnect_peer(first), Ok(()), "{transport}");
            assert_eq!(bound.recv_within(SOON).expect("what was queued").body(), b"last");
            let sent = connects.send_msg(Msg::to(b"late", first), 0).map_err(|(errno, _)| errno);
            assert_eq!(sent, Err(EHOSTUNREACH), "{transport}");
            assert!(connects.send_msg(Msg::to(b"here", second), 0).is_ok());
            assert_eq!(bound.recv_within(SOON).expect("from the other").body(), b"here");
            assert_eq!(connects.disconnect_peer(second), Ok(()), "{transport}");
            connects.close();
            bound.close();
            assert_eq!(ctx.term(), Ok(0));
        }
    }

    fn disconnect_of_what_is_no_peer_is_refused() {
        let ctx = Ctx::new();
        for kind in [ZMQ_SERVER, ZMQ_PEER] {
            let socket = ctx.socket(kind);
            assert_eq!(socket.disconnect_peer(1), Err(EHOSTUNREACH));
            assert_eq!(socket.disconnect_peer(0), Err(EHOSTUNREACH));
            socket.close();
        }
        for kind in [ZMQ_CLIENT, ZMQ_ROUTER, ZMQ_DEALER, ZMQ_CHANNEL, ZMQ_STREAM] {
            let socket = ctx.socket(kind);
            assert_eq!(socket.disconnect_peer(1), Err(ENOTSUP));
            socket.close();
        }
        assert_eq!(c!(zmq_disconnect_peer(std::ptr::null_mut(), 1)), -1);
        let server = ctx.socket(ZMQ_SERVER);
        ctx.shutdown();
        assert_eq!(server.disconnect_peer(1), Err(ETERM));
        server.close();
    }

    /// Ends of both sides at once, and of the socket meanwhile.
    fn disconnecting_peers_that_come_and_go_is_sound() {
        for transport in transports() {
            let ctx = Ctx::new();
            ctx.set(ZMQ_IO_THREADS, 2);
            let server = ctx.socket(ZMQ_SERVER);
            let endpoint = server.bound(transport);
            for turn in 0..300 {
                let client = ctx.socket(ZMQ_CLIENT);
                assert_eq!(client.connect(&endpoint), Ok(0));
                let id = client.introduce(server);
                for _ in 0..turn % 4 {
                    assert!(server.send_msg(Msg::to(b"bye", id), 0).is_ok());
                }
                std::thread::scope(|scope| {
                    let ends = scope.spawn(|| client.close());
                    let done = server.disconnect_peer(id);
                    assert!(matches!(done, Ok(()) | Err(EHOSTUNREACH)), "{done:?}");
                    ends.join().expect("no panic");
                });
            }
            server.close();
            assert_eq!(ctx.term(), Ok(0));
        }
    }
}
