//! Empty messages by which a ROUTER or STREAM says that a peer has come or gone.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use crate::handshakes::{VERSIONS, hello};
use crate::wire;
use crate::zmq::*;

/// A ROUTER that says of each peer when it comes and when it goes.
fn router(ctx: Ctx) -> Sock {
    let router = ctx.socket(ZMQ_ROUTER);
    router.set(ZMQ_ROUTER_NOTIFY, (ZMQ_NOTIFY_CONNECT | ZMQ_NOTIFY_DISCONNECT) as i32);
    router
}

fn dealer(version: &str) -> Vec<u8> {
    hello(version, u8::try_from(ZMQ_DEALER).expect("fits"), "DEALER")
}

/// Sends messages of one part until nothing takes any more.
fn fill(peer: &mut TcpStream, message: &[u8]) -> usize {
    peer.set_write_timeout(Some(Duration::from_millis(200))).expect("a timeout");
    (0..).find(|_| peer.write_all(message).is_err()).expect("an end")
}

cases! {
    fn router_notifies_of_peers_of_each_version_of_zmtp() {
        for version in VERSIONS {
            let ctx = Ctx::new();
            let router = router(ctx);
            let endpoint = router.bound("tcp://127.0.0.1:*");
            let mut peer = wire::peer(&endpoint, &dealer(version));
            let came = router.multipart();
            assert_eq!((came.len(), &came[1][..]), (2, &b""[..]), "{version}");
            peer.shutdown(std::net::Shutdown::Write).expect("an open connection");
            assert_eq!(router.multipart(), came, "{version}");
            wire::rest(&mut peer);
        }
    }

    fn router_notifies_of_no_peer_whose_handshake_fails() {
        let ctx = Ctx::new();
        let router = router(ctx);
        router.set(ZMQ_RECONNECT_IVL, 1);
        let (listener, endpoint) = wire::listener();
        assert_eq!(router.connect(&endpoint), Ok(0));
        for says in [&b"nonsense nonsense"[..], &wire::greeting("PLAIN"), &wire::greeting("NULL")] {
            for _ in 0..2 {
                let mut bad = wire::accept(&listener);
                bad.write_all(says).expect("taken");
                // What came first is not cut off by a reset.
                bad.shutdown(std::net::Shutdown::Write).expect("an open connection");
                wire::rest(&mut bad);
            }
        }
        let mut good = wire::accept(&listener);
        good.write_all(&wire::hello("DEALER")).expect("taken");
        let came = router.multipart();
        assert_eq!((came.len(), &came[1][..]), (2, &b""[..]));
        // It reads the READY of the socket before it says more.
        wire::read_until(&mut good, b"Identity\0\0\0\0");
        good.write_all(&wire::frame(0, b"good")).expect("taken");
        assert_eq!(router.multipart(), [&came[0][..], b"good"]);
    }

    fn router_whose_queue_is_full_notifies_that_the_peer_has_gone() {
        for hwm in [1, 2] {
            let ctx = Ctx::new();
            let router = router(ctx);
            router.set(ZMQ_RCVHWM, hwm);
            let endpoint = router.bound("tcp://127.0.0.1:*");
            let mut peer = wire::peer(&endpoint, &wire::hello("DEALER"));
            wire::read_until(&mut peer, b"Identity\0\0\0\0");
            let came = router.multipart();
            for _ in 0..10 {
                peer.write_all(&wire::frame(0, b"x")).expect("taken");
            }
            peer.shutdown(std::net::Shutdown::Write).expect("an open connection");
            for _ in 0..10 {
                assert_eq!(router.multipart(), [&came[0][..], b"x"]);
            }
            assert_eq!(router.multipart(), came);
        }
    }

    fn stream_whose_queue_is_full_notifies_that_the_peer_has_gone() {
        for hwm in [1, 2] {
            let ctx = Ctx::new();
            let stream = ctx.socket(ZMQ_STREAM);
            stream.set(ZMQ_RCVHWM, hwm);
            let endpoint = stream.bound("tcp://127.0.0.1:*");
            let mut peer = wire::peer(&endpoint, b"");
            let came = stream.multipart();
            assert_eq!((came.len(), &came[1][..]), (2, &b""[..]));
            let body = [b'x'; 10_000];
            let sent = fill(&mut peer, &body) * body.len();
            peer.shutdown(std::net::Shutdown::Write).expect("an open connection");
            let mut received = 0;
            loop {
                let [identity, data] = &stream.multipart()[..] else { panic!("two parts") };
                assert_eq!(*identity, came[0]);
                if data.is_empty() {
                    break;
                }
                received += data.len();
            }
            assert!(received >= sent, "{received} of {sent}");
        }
    }

    fn connection_delivers_after_a_hiccup_message() {
        for (kind, peer) in [(ZMQ_DEALER, "ROUTER"), (ZMQ_CLIENT, "SERVER"), (ZMQ_PEER, "PEER")] {
            let ctx = Ctx::new();
            let socket = ctx.socket(kind);
            // Each message that is read is reported to the session at once.
            socket.set(ZMQ_RCVHWM, 1);
            socket.set(ZMQ_RECONNECT_IVL, 1);
            assert_eq!(socket.try_set(ZMQ_HICCUP_MSG, b"hiccup"), Ok(0));
            let (listener, endpoint) = wire::listener();
            assert_eq!(socket.connect(&endpoint), Ok(0));
            for _ in 0..3 {
                let mut server = wire::accept(&listener);
                server.write_all(&wire::hello(peer)).expect("taken");
                wire::read_until(&mut server, b"READY");
                server.write_all(&wire::frame(0, b"message")).expect("taken");
                assert_eq!(socket.recv_within(SOON).expect("a message").body(), b"message");
                drop(server);
                assert_eq!(socket.recv_within(SOON).expect("a notification").body(), b"hiccup");
            }
        }
    }
}
