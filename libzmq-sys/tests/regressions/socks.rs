//! SOCKS proxies that are hostile or slow.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use crate::wire;
use crate::zmq::*;

/// A PUSH that connects through a proxy, and that.
fn through_a_proxy(reconnect_interval: i32) -> (Sock, TcpListener) {
    through_a_proxy_to(BEHIND, reconnect_interval)
}

fn through_a_proxy_to(target: &str, reconnect_interval: i32) -> (Sock, TcpListener) {
    let (proxy, endpoint) = wire::listener();
    let push = Ctx::new().socket(ZMQ_PUSH);
    let at = endpoint.strip_prefix("tcp://").expect("tcp");
    assert_eq!(push.try_set(ZMQ_SOCKS_PROXY, at.as_bytes()), Ok(0));
    push.set(ZMQ_RECONNECT_IVL, reconnect_interval);
    assert_eq!(push.connect(target), Ok(0));
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

/// The next connection to the proxy, and what it asks for.
fn request(proxy: &TcpListener) -> (TcpStream, Vec<u8>) {
    let mut peer = wire::accept(proxy);
    peer.read_exact(&mut [0; 3]).expect("a greeting");
    peer.write_all(b"\x05\0").expect("taken");
    let mut request = vec![0; 5];
    peer.read_exact(&mut request).expect("a request");
    let address = match request[3] {
        1 => 4,
        3 => 1 + usize::from(request[4]),
        _ => 16,
    };
    request.resize(4 + address + 2, 0);
    peer.read_exact(&mut request[5..]).expect("all of it");
    (peer, request)
}

cases! {
    fn socks_reply_that_arrives_in_pieces_is_read() {
        let with_address = [b"\x05\0\0\x01", &[0; 6][..]].concat();
        let with_name = [b"\x05\0\0\x03\xff", &[0; 257][..]].concat();
        for (reply, first, second) in [(with_address, 5, 2), (with_name, 5, 3)] {
            let (push, proxy) = through_a_proxy(100);
            let mut peer = asked(&proxy);
            let (first, others) = reply.split_at(first);
            let (second, third) = others.split_at(second);
            for piece in [first, second] {
                peer.write_all(piece).expect("taken");
                settle();
            }
            // What is behind the proxy speaks at once, and that is not lost.
            peer.write_all(&[third, &wire::greeting("NULL")].concat()).expect("taken");
            wire::read_until(&mut peer, b"PUSH");
            peer.write_all(&wire::ready("PULL")).expect("taken");
            assert_eq!(push.send(b"through", 0), Ok(7));
            wire::read_until(&mut peer, b"through");
        }
    }

    fn socks_reply_with_a_long_name_does_not_overflow_the_buffer() {
        let (_, proxy) = through_a_proxy(1);
        let mut peer = asked(&proxy);
        // A name of 128 bytes, and a lot more.
        peer.write_all(b"\x05\0\0\x03\x80").expect("taken");
        settle();
        let _ = peer.write_all(&[b'x'; 100_000]);
        settle();
        drop(peer);
        // It is asked again.
        asked(&proxy);
    }

    fn socket_whose_socks_proxy_failed_can_be_disconnected() {
        for _ in 0..20 {
            let (push, proxy) = through_a_proxy(60_000);
            drop(wire::accept(&proxy));
            settle();
            assert_eq!(push.disconnect(BEHIND), Ok(0));
            push.close();
        }
    }

    fn socks_host_name_that_is_too_long_is_invalid() {
        let (proxy, endpoint) = wire::listener();
        let push = Ctx::new().socket(ZMQ_PUSH);
        let at = endpoint.strip_prefix("tcp://").expect("tcp");
        assert_eq!(push.try_set(ZMQ_SOCKS_PROXY, at.as_bytes()), Ok(0));
        for size in [256, 257, 1000, 100_000] {
            let name = "x".repeat(size);
            assert_eq!(push.connect(&format!("tcp://{name}:80")), Err(EINVAL), "{size} bytes");
            assert_eq!(
                push.connect(&format!("tcp://127.0.0.1:0;{name}:80")),
                Err(EINVAL),
                "{size} bytes"
            );
        }
        for endpoint in ["tcp://name:0", "tcp://name:65536", "tcp://name:70000"] {
            assert_eq!(push.connect(endpoint), Err(EINVAL), "{endpoint}");
        }
        // The longest that it can carry.
        let name = "x".repeat(255);
        assert_eq!(push.connect(&format!("tcp://{name}:65535")), Ok(0));
        let (_, request) = request(&proxy);
        assert_eq!(request, [&b"\x05\x01\0\x03\xff"[..], name.as_bytes(), b"\xff\xff"].concat());
    }

    fn socks_credentials_that_are_too_long_are_invalid() {
        let (proxy, endpoint) = wire::listener();
        let push = Ctx::new().socket(ZMQ_PUSH);
        let at = endpoint.strip_prefix("tcp://").expect("tcp");
        assert_eq!(push.try_set(ZMQ_SOCKS_PROXY, at.as_bytes()), Ok(0));
        for option in [ZMQ_SOCKS_USERNAME, ZMQ_SOCKS_PASSWORD] {
            assert_eq!(push.try_set(option, &[b'x'; 256]), Err(EINVAL));
            assert_eq!(push.try_set(option, &[b'x'; 255]), Ok(0));
        }
        assert_eq!(push.connect(BEHIND), Ok(0));
        let mut peer = wire::accept(&proxy);
        peer.read_exact(&mut [0; 3]).expect("a greeting");
        peer.write_all(b"\x05\x02").expect("taken");
        let mut credentials = [0; 513];
        peer.read_exact(&mut credentials).expect("credentials");
        let text = [b'x'; 255];
        assert_eq!(credentials[..], [&b"\x01\xff"[..], &text, b"\xff", &text].concat());
    }

    fn socks_request_carries_the_target_without_the_source() {
        let ipv6 = [&b"\x04"[..], &[0; 15], &[1]].concat();
        for (target, address) in [
            ("127.0.0.1:0;192.0.2.1", b"\x01\xc0\0\x02\x01".to_vec()),
            ("127.0.0.1:*;name", b"\x03\x04name".to_vec()),
            ("[::1]", ipv6.clone()),
            ("127.0.0.1:0;[::1]", ipv6),
        ] {
            let (push, proxy) = through_a_proxy_to(&format!("tcp://{target}:80"), 100);
            let (_, request) = request(&proxy);
            assert_eq!(request, [&b"\x05\x01\0"[..], &address, b"\0\x50"].concat(), "{target}");
            push.close();
        }
    }

    #[cfg(target_os = "linux")]
    fn socks_connection_uses_the_source_address_of_the_endpoint() {
        let (_push, proxy) = through_a_proxy_to("tcp://127.0.0.2:0;192.0.2.1:80", 100);
        let peer = wire::accept(&proxy);
        assert_eq!(peer.peer_addr().expect("an address").ip().to_string(), "127.0.0.2");
    }

    fn socks_proxy_that_does_not_answer_times_out() {
        let (proxy, endpoint) = wire::listener();
        let push = Ctx::new().socket(ZMQ_PUSH);
        let at = endpoint.strip_prefix("tcp://").expect("tcp");
        assert_eq!(push.try_set(ZMQ_SOCKS_PROXY, at.as_bytes()), Ok(0));
        push.set(ZMQ_CONNECT_TIMEOUT, 50);
        push.set(ZMQ_RECONNECT_IVL, 1);
        assert_eq!(push.connect(BEHIND), Ok(0));
        // In each step of the handshake.
        let mut first = wire::accept(&proxy);
        wire::rest(&mut first);
        let mut second = wire::accept(&proxy);
        second.write_all(b"\x05\0").expect("taken");
        wire::rest(&mut second);
        wire::accept(&proxy);
    }
}
