//! A SOCKS proxy that is no friend, or only slow.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use crate::wire;
use crate::zmq::*;

/// A PUSH that connects through a proxy, and that.
fn through_a_proxy(reconnect_interval: i32) -> (Sock, TcpListener) {
    let (proxy, endpoint) = wire::listener();
    let push = Ctx::new().socket(ZMQ_PUSH);
    let at = endpoint.strip_prefix("tcp://").expect("tcp");
    assert_eq!(push.try_set(ZMQ_SOCKS_PROXY, at.as_bytes()), Ok(0));
    push.set(ZMQ_RECONNECT_IVL, reconnect_interval);
    assert_eq!(push.connect(BEHIND), Ok(0));
    (push, proxy)
}

const BEHIND: &str = "tcp://127.0.0.1:49152";

/// The next connection to the proxy, up to its reply.
fn asked(proxy: &TcpListener) -> TcpStream {
    let mut peer = wire::accept(proxy);
    peer.set_nodelay(true).expect("an option");
    peer.read_exact(&mut [0; 3]).expect("a greeting");
    peer.write_all(b"\x05\0").expect("taken");
    peer.read_exact(&mut [0; 10]).expect("a request");
    peer
}

cases! {
    fn a_proxy_that_answers_in_pieces_is_understood() {
        for (reply, first, second) in [([b"\x05\0\0\x01", &[0; 6][..]].concat(), 5, 2), ([b"\x05\0\0\x03\xff", &[0; 257][..]].concat(), 5, 3)] {
            let (push, proxy) = through_a_proxy(100);
            let mut peer = asked(&proxy);
            let (first, others) = reply.split_at(first);
            let (second, third) = others.split_at(second);
            for piece in [first, second] {
                peer.write_all(piece).expect("taken");
                thread::sleep(Duration::from_millis(50));
            }
            // What is behind the proxy speaks at once, and that is not lost.
            peer.write_all(&[third, &wire::greeting("NULL")].concat()).expect("taken");
            wire::read_until(&mut peer, b"PUSH");
            peer.write_all(&wire::ready("PULL")).expect("taken");
            assert_eq!(push.send(b"through", 0), Ok(7));
            wire::read_until(&mut peer, b"through");
        }
    }

    fn a_proxy_cannot_write_past_what_its_answer_has_room_for() {
        let (_, proxy) = through_a_proxy(1);
        let mut peer = asked(&proxy);
        // A name of 128 bytes, and a lot more.
        peer.write_all(b"\x05\0\0\x03\x80").expect("taken");
        thread::sleep(Duration::from_millis(50));
        let _ = peer.write_all(&[b'x'; 100_000]);
        thread::sleep(Duration::from_millis(50));
        drop(peer);
        // It is asked again.
        asked(&proxy);
    }

    fn a_socket_whose_proxy_failed_can_be_disconnected() {
        for _ in 0..20 {
            let (push, proxy) = through_a_proxy(60_000);
            drop(wire::accept(&proxy));
            thread::sleep(Duration::from_millis(20));
            assert_eq!(push.disconnect(BEHIND), Ok(0));
            push.close();
        }
    }
}
