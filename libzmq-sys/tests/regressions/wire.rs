//! A peer that is not libzmq: as much of ZMTP as the tests need.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use crate::zmq::*;

/// Of a frame: another one of the same message follows, or it is a command.
pub(crate) const MORE: u8 = 1;
pub(crate) const COMMAND: u8 = 4;

/// What a ZMTP 3.1 peer says first.
pub(crate) fn greeting(mechanism: &str) -> Vec<u8> {
    let mut greeting = vec![0; 64];
    greeting[0] = 0xff;
    greeting[9] = 0x7f;
    greeting[10..12].copy_from_slice(&[3, 1]);
    greeting[12..12 + mechanism.len()].copy_from_slice(mechanism.as_bytes());
    greeting
}

/// What a ZMTP 2.0 peer says first; its routing id follows as a frame.
pub(crate) fn greeting_2_0(socket_type: u8) -> Vec<u8> {
    [&[0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1][..], &[socket_type]].concat()
}

pub(crate) fn frame(flags: u8, body: &[u8]) -> Vec<u8> {
    let size = u64::try_from(body.len()).expect("fits").to_be_bytes();
    match u8::try_from(body.len()) {
        Ok(size) => [&[flags, size], body].concat(),
        Err(_) => [&[flags | 2], &size[..], body].concat(),
    }
}

pub(crate) fn command(name: &str, body: &[u8]) -> Vec<u8> {
    let size = u8::try_from(name.len()).expect("a short name");
    frame(COMMAND, &[&[size], name.as_bytes(), body].concat())
}

pub(crate) fn ready(socket_type: &str) -> Vec<u8> {
    command("READY", &property("Socket-Type", socket_type.as_bytes()))
}

pub(crate) fn property(name: &str, value: &[u8]) -> Vec<u8> {
    let name_size = u8::try_from(name.len()).expect("a short name");
    let size = u32::try_from(value.len()).expect("fits").to_be_bytes();
    [&[name_size], name.as_bytes(), &size, value].concat()
}

/// All of the handshake of a peer without security.
pub(crate) fn hello(socket_type: &str) -> Vec<u8> {
    [greeting("NULL"), ready(socket_type)].concat()
}

/// A connection to a bound socket. The peer says it all at once and has not read anything.
pub(crate) fn peer(endpoint: &str, says: &[u8]) -> TcpStream {
    let (_, address) = endpoint.split_once("://").expect("an endpoint");
    let mut peer = TcpStream::connect(address).expect("a connection");
    peer.set_read_timeout(Some(SOON)).expect("a timeout");
    peer.write_all(says).expect("taken");
    peer
}

/// A connection to a bound socket after the handshake, of which the socket says `end` last of all.
pub(crate) fn introduced(endpoint: &str, hello: &[u8], end: &[u8]) -> TcpStream {
    let mut peer = peer(endpoint, hello);
    read_until(&mut peer, end);
    peer
}

/// Has the kernel keep as little as it may of what that peer has not read.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn hears_little(peer: &TcpStream) {
    use std::os::fd::AsRawFd;

    let size: libc::c_int = 0;
    let option = (&raw const size).cast();
    let length = libc::socklen_t::try_from(size_of_val(&size)).expect("fits");
    // SAFETY: an open socket, and a value of the size that is given.
    let rc = unsafe {
        libc::setsockopt(peer.as_raw_fd(), libc::SOL_SOCKET, libc::SO_RCVBUF, option, length)
    };
    assert_eq!(rc, 0);
}

/// The other way: a listener that a socket connects to, and its endpoint. No other case is given
/// its port when it is closed.
pub(crate) fn listener() -> (TcpListener, String) {
    listener_at(address_apart())
}

pub(crate) fn listener_at(address: Ipv4Addr) -> (TcpListener, String) {
    let listener = TcpListener::bind((address, 0)).expect("a port");
    let endpoint = format!("tcp://{}", listener.local_addr().expect("an address"));
    (listener, endpoint)
}

/// The next connection to it.
pub(crate) fn accept(listener: &TcpListener) -> TcpStream {
    listener.set_nonblocking(true).expect("an option");
    let peer = eventually("a connection", || listener.accept().ok().map(|(peer, _)| peer));
    peer.set_nonblocking(false).expect("an option");
    peer.set_read_timeout(Some(SOON)).expect("a timeout");
    peer
}

/// Reads until it ends with that.
pub(crate) fn read_until(peer: &mut TcpStream, end: &[u8]) -> Vec<u8> {
    let mut said = Vec::new();
    while !said.ends_with(end) {
        let mut byte = [0];
        peer.read_exact(&mut byte).expect("more of it");
        said.extend(byte);
    }
    said
}

/// Reads the rest of what the peer sends, until it disconnects.
pub(crate) fn rest(peer: &mut TcpStream) -> Vec<u8> {
    let mut said = Vec::new();
    if let Err(e) = peer.read_to_end(&mut said) {
        assert_eq!(e.kind(), ErrorKind::ConnectionReset, "it does not hang up");
    }
    said
}

const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// Sends and receives until one message came through, between two sockets.
pub(crate) fn gets_through(from: Sock, to: Sock) {
    eventually("a message of a good peer", || {
        let _ = from.send(b"good", DONTWAIT);
        to.recv_within(BETWEEN_TRIES).ok().filter(|msg| msg.body() == b"good")
    });
}
