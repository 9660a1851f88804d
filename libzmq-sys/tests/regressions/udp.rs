//! Datagrams of RADIO, DISH and DGRAM.

use std::net::UdpSocket;
use std::time::Duration;

use crate::zmq::*;

/// The other side, without ZeroMQ.
fn plain() -> (UdpSocket, String) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    socket.set_read_timeout(Some(SOON)).expect("a timeout");
    let address = socket.local_addr().expect("an address").to_string();
    (socket, address)
}

/// An endpoint that was free a moment ago: libzmq cannot say which port the system chose for UDP.
pub(crate) fn free() -> String {
    format!("udp://{}", plain().1)
}

fn datagram(socket: &UdpSocket) -> Vec<u8> {
    let mut buffer = vec![0; 65_536];
    let size = socket.recv(&mut buffer).expect("a datagram");
    buffer.truncate(size);
    buffer
}

/// A DISH in group `g`, and a socket that sends to it.
fn dish() -> (Sock, UdpSocket) {
    let dish = Ctx::new().socket(ZMQ_DISH);
    assert_eq!(dish.join("g"), Ok(0));
    let endpoint = free();
    assert_eq!(dish.bind(&endpoint), Ok(0));
    let peer = plain().0;
    peer.connect(&endpoint["udp://".len()..]).expect("UDP always connects");
    hears(dish, &peer);
    (dish, peer)
}

/// Sends until one arrives; the DISH binds in its own time.
fn hears(dish: Sock, peer: &UdpSocket) {
    eventually("the dish hears", || {
        // Until it is bound, its machine says so.
        let _ = peer.send(b"\x01ghello");
        dish.recv_within(Duration::from_millis(20)).ok()
    });
    while dish.recv(DONTWAIT).is_ok() {}
}

cases! {
    fn unbound_socket_receives_no_datagrams() {
        for kind in [ZMQ_DISH, ZMQ_DGRAM] {
            let socket = Ctx::new().socket(kind);
            if kind == ZMQ_DISH {
                assert_eq!(socket.join("g"), Ok(0));
            }
            let peer = plain().0;
            let endpoint = free();
            // Twice, since the port is free again after the first time.
            for _ in 0..2 {
                assert_eq!(socket.bind(&endpoint), Ok(0));
                peer.connect(&endpoint["udp://".len()..]).expect("UDP always connects");
                hears(socket, &peer);
                assert_eq!(socket.unbind(&endpoint), Ok(0));
                // The kernel tells the sender that nothing is bound to the port.
                eventually("a refusal", || peer.send(b"\x01ghello").err());
                while socket.recv_within(Duration::from_millis(20)).is_ok() {}
                assert_eq!(socket.unbind(&endpoint), Err(libc::ENOENT));
            }
        }
    }

    fn radio_drops_a_message_that_is_too_large_for_a_datagram() {
        let (peer, address) = plain();
        let radio = Ctx::new().socket(ZMQ_RADIO);
        assert_eq!(radio.connect(&format!("udp://{address}")), Ok(0));
        let most = 8192 - 2;
        for size in [most, most + 1, 20_000, 60_000, 3] {
            radio.send_to_group("g", &vec![b'x'; size]);
        }
        assert_eq!(datagram(&peer).len(), 8192);
        assert_eq!(datagram(&peer), b"\x01gxxx");
    }

    fn dgram_drops_a_message_that_is_too_large_for_a_datagram() {
        let (peer, address) = plain();
        let dgram = Ctx::new().socket(ZMQ_DGRAM);
        assert_eq!(dgram.bind(&free()), Ok(0));
        for size in [8192, 8193, 20_000, 60_000, 3] {
            assert_eq!(dgram.send(address.as_bytes(), SNDMORE), Ok(address.len()));
            assert_eq!(dgram.send(&vec![b'x'; size], 0), Ok(size));
        }
        assert_eq!(datagram(&peer).len(), 8192);
        assert_eq!(datagram(&peer), b"xxx");
    }

    fn datagram_with_a_group_length_above_127_does_not_abort() {
        let (dish, peer) = dish();
        for length in [0x80, 0xff] {
            peer.send(&[length, b'g']).expect("sent");
            hears(dish, &peer);
        }
        let group = "g".repeat(200);
        assert_eq!(dish.join(&group), Ok(0));
        let bytes = [&[200], group.as_bytes(), b"body"].concat();
        let msg = eventually("the long group", || {
            peer.send(&bytes).expect("sent");
            dish.recv_within(Duration::from_millis(20)).ok()
        });
        assert_eq!((msg.group(), msg.body()), (group, &b"body"[..]));
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn truncated_datagram_does_not_leak() {
        let (dish, peer) = dish();
        let before = allocated();
        for _ in 0..40 {
            for _ in 0..50 {
                peer.send(b"\x70and no more").expect("sent");
            }
            hears(dish, &peer);
        }
        let grown = allocated().saturating_sub(before);
        assert!(grown < 150_000, "{grown} bytes more");
    }

    fn dish_that_was_full_receives_later_datagrams() {
        let dish = Ctx::new().socket(ZMQ_DISH);
        dish.set(ZMQ_RCVHWM, 1);
        // Otherwise it is bound again, and only what came in between is lost.
        dish.set(ZMQ_RECONNECT_IVL, -1);
        assert_eq!(dish.join("g"), Ok(0));
        let endpoint = free();
        assert_eq!(dish.bind(&endpoint), Ok(0));
        let peer = plain().0;
        peer.connect(&endpoint["udp://".len()..]).expect("UDP always connects");
        for _ in 0..5 {
            hears(dish, &peer);
            // The second finds the queue full; after it there is nothing to read.
            for _ in 0..2 {
                peer.send(b"\x01gmore").expect("sent");
            }
            settle();
            while dish.recv(DONTWAIT).is_ok() {}
        }
    }

    fn dgram_with_ipv6_on_receives_ipv4_datagrams() {
        let dgram = Ctx::new().socket(ZMQ_DGRAM);
        dgram.set(ZMQ_IPV6, 1);
        assert!(dgram.bind("udp://[::1]:49152").is_err());
        let endpoint = free();
        assert_eq!(dgram.bind(&endpoint), Ok(0));
        let (peer, address) = plain();
        peer.connect(&endpoint["udp://".len()..]).expect("UDP always connects");
        let from = eventually("the dgram hears", || {
            let _ = peer.send(b"hello");
            dgram.recv_within(Duration::from_millis(20)).ok()
        });
        assert_eq!(from.body(), format!("{address}\0").as_bytes());
        assert!(dgram.recv(0).is_ok_and(|msg| msg.body() == b"hello"));
    }

    fn udp_wildcard_with_ipv6_receives_from_both_families() {
        // Without IPv6 on this machine there is nothing to see.
        if UdpSocket::bind("[::1]:0").is_err() {
            return;
        }
        let dish = Ctx::new().socket(ZMQ_DISH);
        dish.set(ZMQ_IPV6, 1);
        assert_eq!(dish.join("g"), Ok(0));
        let endpoint = free();
        let (_, port) = endpoint.rsplit_once(':').expect("a port");
        assert_eq!(dish.bind(&format!("udp://*:{port}")), Ok(0));
        for host in ["[::1]", "127.0.0.1"] {
            let peer = UdpSocket::bind(format!("{host}:0")).expect("a port");
            peer.connect(format!("{host}:{port}")).expect("UDP always connects");
            hears(dish, &peer);
        }
    }

    fn dgram_send_without_bind_is_host_unreachable() {
        let dgram = Ctx::new().socket(ZMQ_DGRAM);
        assert_eq!(dgram.send(b"127.0.0.1:49152", SNDMORE), Err(EHOSTUNREACH));
        let (errno, msg) = dgram.send_msg(Msg::new(b"mine"), SNDMORE).expect_err("no send");
        assert_eq!((errno, msg.body()), (EHOSTUNREACH, &b"mine"[..]));
    }

    fn last_endpoint_is_the_endpoint_that_was_given() {
        let ctx = Ctx::new();
        for kind in [ZMQ_DISH, ZMQ_DGRAM] {
            let (socket, endpoint) = (ctx.socket(kind), free());
            assert_eq!(socket.bound(&endpoint), endpoint);
            assert_eq!(socket.unbind(&endpoint), Ok(0));
        }
        let (radio, endpoint) = (ctx.socket(ZMQ_RADIO), free());
        assert_eq!(radio.connect(&endpoint), Ok(0));
        assert_eq!(radio.last_endpoint(), endpoint);
        assert_eq!(radio.disconnect(&endpoint), Ok(0));
    }
}
