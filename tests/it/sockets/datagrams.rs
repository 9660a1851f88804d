//! `Dgram`: plain udp.

use std::{
    net::{SocketAddr, UdpSocket},
    thread,
};

use libzmq::{opt, prelude::*, *};

use crate::{
    common::{Transport, until, vacant_udp, watchdog},
    sockets::link::ms,
};

fn pair() -> (Dgram, SocketAddr, UdpSocket) {
    let endpoint = vacant_udp();
    let dgram = DgramBuilder::new().bind(&*endpoint).recv_timeout(ms(20)).build().unwrap();
    let other = UdpSocket::bind("127.0.0.1:0").unwrap();
    other.set_read_timeout(Some(ms(20))).unwrap();
    (dgram, endpoint.trim_start_matches("udp://").parse().unwrap(), other)
}

/// Sends to the socket until it has received it.
fn heard(dgram: &Dgram, addr: SocketAddr, other: &UdpSocket, bytes: &[u8]) {
    until(|| {
        other.send_to(bytes, addr).unwrap();
        dgram.recv_from().is_ok_and(|(from, msg)| {
            assert_eq!(from, other.local_addr().unwrap());
            // One that was sent before, more than once, may arrive late.
            msg == *bytes
        })
    });
}

#[test]
fn dgram_exchanges_datagrams_with_a_udp_socket() {
    let _watchdog = watchdog();
    let (dgram, addr, other) = pair();
    for size in [0, 1, 33, 34, 1000, 8192] {
        heard(&dgram, addr, &other, &vec![size as u8; size]);
    }
    for size in [1_usize, 1000, 8192] {
        let mut buffer = vec![0; 10_000];
        until(|| {
            dgram.send_to(vec![size as u8; size], other.local_addr().unwrap()).unwrap();
            let Ok((received, from)) = other.recv_from(&mut buffer) else { return false };
            assert_eq!(from, addr);
            received == size && buffer[..size] == vec![size as u8; size]
        });
    }
}

#[test]
fn dgram_exchanges_datagrams_with_a_dgram() {
    let _watchdog = watchdog();
    let (one, first, _) = pair();
    let (two, second, _) = pair();
    until(|| {
        one.send_to("hello", second).unwrap();
        two.recv_from().is_ok_and(|heard| heard == (first, "hello".into()))
    });
    until(|| {
        two.try_send_to("hello yourself", first).unwrap();
        one.recv_from().is_ok_and(|heard| heard == (second, "hello yourself".into()))
    });
}

#[test]
fn dgram_send_of_a_large_message_or_to_ipv6_is_invalid_input() {
    let _watchdog = watchdog();
    let (dgram, addr, other) = pair();
    for send in [Dgram::send_to::<Vec<u8>>, Dgram::try_send_to::<Vec<u8>>]
        as [fn(&Dgram, Vec<u8>, SocketAddr) -> _; 2]
    {
        let mut error: Error<Msg> =
            send(&dgram, vec![1; 8193], other.local_addr().unwrap()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error}");
        assert_eq!(error.take().unwrap().len(), 8193);

        let mut error = send(&dgram, vec![1; 5], "[::1]:5555".parse().unwrap()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error}");
        assert_eq!(error.take().unwrap().len(), 5);
    }
    heard(&dgram, addr, &other, b"it still works");
}

#[test]
fn dgram_bind_to_anything_but_udp_over_ipv4_is_an_error() {
    for transport in Transport::COMMON {
        let error = Dgram::new().unwrap().bind(transport.anywhere().as_str()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Unsupported(_)), "{error}");
    }
    let dgram = Dgram::new().unwrap();
    assert!(dgram.bind("udp://[::1]:5555").is_err());
}

#[test]
fn dgram_send_without_a_bind_is_host_unreachable() {
    let _watchdog = watchdog();
    let dgram = Dgram::new().unwrap();
    let to: SocketAddr = "127.0.0.1:5555".parse().unwrap();
    let mut error = dgram.send_to("hello?", to).unwrap_err();
    assert_eq!(
        (error.kind(), error.take().unwrap()),
        (ErrorKind::HostUnreachable, "hello?".into())
    );
}

/// A udp endpoint with an IPv4 address needs an IPv4 socket, and the others of the socket do not.
#[test]
fn udp_and_tcp_connect_in_parallel_with_ipv6_on() {
    const COUNT: usize = 2000;

    let _watchdog = watchdog();
    let radio = Radio::new().unwrap();
    let udp = vacant_udp();
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..COUNT {
                radio.connect(&*udp).unwrap();
                radio.disconnect(&*udp).unwrap();
            }
        });
        for _ in 0..COUNT {
            assert!(radio.get(opt::Ipv6).unwrap());
            radio.connect("tcp://[::1]:9").unwrap();
            radio.disconnect("tcp://[::1]:9").unwrap();
        }
    });
}
