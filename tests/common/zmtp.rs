//! A peer that a test plays itself, byte by byte: ZMTP 3.1 over tcp, without security.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    thread,
    time::Duration,
};

use libzmq::addr::Endpoint;

/// That more parts of the message follow.
const MORE: u8 = 1;
/// That the size takes eight bytes.
const LONG: u8 = 2;
const COMMAND: u8 = 4;

/// The bytes of a frame.
fn frame(flags: u8, content: &[u8]) -> Vec<u8> {
    let size = match u8::try_from(content.len()) {
        Ok(size) => vec![flags, size],
        Err(_) => [&[flags | LONG][..], &(content.len() as u64).to_be_bytes()].concat(),
    };
    [&size, content].concat()
}

/// A part of a message that is not its last.
pub fn part(content: impl AsRef<[u8]>) -> Vec<u8> {
    frame(MORE, content.as_ref())
}

/// The last part of a message, or its only one.
pub fn last(content: impl AsRef<[u8]>) -> Vec<u8> {
    frame(0, content.as_ref())
}

/// The pause of a peer that reads slowly.
const BETWEEN_READS: Duration = Duration::from_micros(200);

/// A connection after the greetings, up to which messages begin.
pub struct RawPeer {
    stream: TcpStream,
}

impl RawPeer {
    /// Connects to a socket as one of the type.
    pub fn connect(endpoint: &Endpoint, socket_type: &str) -> Self {
        Self::connect_claiming(endpoint, socket_type, &[])
    }

    /// As [`connect`](Self::connect), with properties of names and values of its own beside its
    /// type.
    pub fn connect_claiming(
        endpoint: &Endpoint,
        socket_type: &str,
        properties: &[(&str, &str)],
    ) -> Self {
        let endpoint = endpoint.to_string();
        let stream = TcpStream::connect(endpoint.strip_prefix("tcp://").unwrap()).unwrap();
        Self::greet(stream, socket_type, properties)
    }

    /// Waits for a socket that connects, and is one of the type to it.
    pub fn accept(listener: &TcpListener, socket_type: &str) -> Self {
        Self::greet(listener.accept().unwrap().0, socket_type, &[])
    }

    fn greet(mut stream: TcpStream, socket_type: &str, properties: &[(&str, &str)]) -> Self {
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut greeting = [0; 64];
        greeting[0] = 0xff;
        greeting[9] = 0x7f;
        greeting[10..12].copy_from_slice(&[3, 1]);
        greeting[12..16].copy_from_slice(b"NULL");
        stream.write_all(&greeting).unwrap();
        let mut ready = b"\x05READY".to_vec();
        for (name, value) in [("Socket-Type", socket_type)].iter().chain(properties) {
            ready.push(u8::try_from(name.len()).unwrap());
            ready.extend(name.as_bytes());
            ready.extend((value.len() as u32).to_be_bytes());
            ready.extend(value.as_bytes());
        }
        stream.write_all(&frame(COMMAND, &ready)).unwrap();
        stream.read_exact(&mut greeting).unwrap();
        // The rest of it is not read, so that a reset can be made of it.
        let mut head = [0; 8];
        stream.read_exact(&mut head).unwrap();
        assert!(head.ends_with(b"\x05READY"), "{head:?}");
        Self { stream }
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).unwrap();
    }

    /// Reads until the connection ends, more slowly than libzmq sends.
    pub fn read_slowly(&mut self) -> Vec<u8> {
        let (mut all, mut some) = (Vec::new(), [0; 1000]);
        loop {
            match self.stream.read(&mut some).unwrap() {
                0 => return all,
                size => all.extend_from_slice(&some[..size]),
            }
            thread::sleep(BETWEEN_READS);
        }
    }

    /// Whether the other side has ended the connection, in any way.
    pub fn was_disconnected(&mut self) -> bool {
        match io::copy(&mut self.stream, &mut io::sink()) {
            Ok(_) => true,
            Err(error) => error.kind() == io::ErrorKind::ConnectionReset,
        }
    }

    /// Ends the connection in order, if the other side has not.
    pub fn close(mut self) {
        let _ = self.stream.shutdown(Shutdown::Write);
        self.was_disconnected();
    }

    /// Ends the connection as a crash does.
    pub fn reset(self) {
        // To close what has something unread is that.
        drop(self.stream);
    }
}
