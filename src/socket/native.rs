//! Sockets that do not speak ZMTP: [`Stream`] over tcp and [`Dgram`] over udp.

use std::net::{SocketAddr, SocketAddrV4};

use super::{
    addressed::{self, addressed},
    socket_type,
};
use crate::{
    error::{Error, ErrorKind},
    message::{Msg, Multipart, Unread},
    raw::Wait,
    socket::{recv, send},
    util::Period,
};

socket_type! {
    /// A stream, which talks to peers that do not speak ZeroMQ: plain tcp.
    ///
    #[doc = include_str!("../../docs/pictures/native.svg")]
    ///
    /// It knows each connection by an [`Identity`](crate::Identity). What is received is an identity and some bytes,
    /// as many as there were; tcp has no messages. Empty bytes tell that a connection has come or
    /// gone, unless the option [`StreamNotify`](crate::opt::StreamNotify) is off. What is sent is
    /// an identity and bytes; [`close`](Self::close) ends a connection.
    ///
    /// # Mute state
    /// While the queue to a connection is at its high water mark, `route` waits and `try_route`
    /// fails with [`WouldBlock`](crate::ErrorKind::WouldBlock). To a connection that is gone both
    /// fail with [`HostUnreachable`](crate::ErrorKind::HostUnreachable).
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | none: plain tcp |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Unrestricted |
    /// | Outgoing routing strategy | To the connection that the message names |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Block |
    /// | Thread-safe | No |
    /// | Multipart messages | Identity and bytes |
    /// | Transports | tcp |
    ///
    /// # Example
    /// A tiny web server:
    /// ```
    /// use libzmq::{prelude::*, addr::Endpoint};
    /// use std::io::{Read, Write};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let web = StreamBuilder::new().bind("tcp://127.0.0.1:*").build()?;
    /// let Endpoint::Tcp(addr) = web.last_endpoint()? else { unreachable!() };
    ///
    /// let browser = std::thread::spawn(move || -> std::io::Result<String> {
    ///     let mut connection = std::net::TcpStream::connect(addr.to_string())?;
    ///     connection.write_all(b"GET / HTTP/1.0\r\n\r\n")?;
    ///     let mut page = String::new();
    ///     connection.read_to_string(&mut page)?;
    ///     Ok(page)
    /// });
    ///
    /// loop {
    ///     let (visitor, request) = web.recv_from()?;
    ///     if request[0].is_empty() {
    ///         // A connection came or went.
    ///         continue;
    ///     }
    ///     web.route("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nHello, World!", &visitor)?;
    ///     web.close(&visitor)?;
    ///     break;
    /// }
    /// drop(web);
    /// assert!(browser.join().unwrap()?.ends_with("Hello, World!"));
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # In C
    /// `ZMQ_STREAM`
    #[doc(alias = "ZMQ_STREAM")]
    Stream, StreamBuilder, StreamConfig: Exclusive<Unread>,
    [Sends Receives],
    over: Tcp
}

addressed!(Stream);

impl Stream {
    /// Ends a connection, after what was sent on it has left. It ends in the course of further
    /// calls on the socket, or when that is dropped.
    ///
    /// # Errors
    /// [`HostUnreachable`](crate::ErrorKind::HostUnreachable) if it is gone already.
    pub fn close(&self, connection: impl AsRef<[u8]>) -> Result<(), Error> {
        self.route("", connection).map_err(Error::cast)
    }
}

socket_type! {
    /// A datagram socket, which talks to peers that do not speak ZeroMQ: plain udp.
    ///
    #[doc = include_str!("../../docs/pictures/native.svg")]
    ///
    /// A datagram is an address and up to 8192 bytes. The socket is bound to its own address, over
    /// IPv4 only, and sends to any.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | none: plain udp |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Unrestricted |
    /// | Outgoing routing strategy | To the address that the message names |
    /// | Incoming routing strategy | As they come |
    /// | Action in mute state | Block |
    /// | Thread-safe | No |
    /// | Multipart messages | Address and bytes |
    /// | Transports | udp |
    ///
    /// # Example
    /// ```
    /// use libzmq::prelude::*;
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// # let free = std::net::UdpSocket::bind("127.0.0.1:0")?.local_addr()?;
    /// let echo = DgramBuilder::new()
    ///     .bind(format!("udp://{free}"))
    ///     .recv_timeout(Duration::from_millis(10))
    ///     .build()?;
    ///
    /// let other = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// let (from, datagram) = loop {
    ///     // The first datagrams may come too early, and be lost as datagrams are.
    ///     other.send_to(b"anybody there?", free)?;
    ///     if let Ok(received) = echo.recv_from() {
    ///         break received;
    ///     }
    /// };
    /// assert_eq!(from, other.local_addr()?);
    /// echo.send_to(datagram, from)?;
    ///
    /// let mut reply = [0; 32];
    /// let size = other.recv(&mut reply)?;
    /// assert_eq!(&reply[..size], b"anybody there?");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # In C
    /// `ZMQ_DGRAM`, a draft
    #[doc(alias = "ZMQ_DGRAM")]
    Dgram, DgramBuilder, DgramConfig: Exclusive<Unread>,
    [Sends Receives],
    over: Udp
}

impl Dgram {
    /// Sends a datagram to that IPv4 address. Waits while the queue is at its high water mark, no
    /// longer than the timeout.
    ///
    /// # Errors
    /// Each gives the message back.
    /// - [`InvalidInput`](ErrorKind::InvalidInput) for more than 8192 bytes, or an IPv6 address
    /// - [`WouldBlock`](ErrorKind::WouldBlock) when the timeout has passed
    /// - [`HostUnreachable`](ErrorKind::HostUnreachable) if the socket is not bound
    /// - [`InvalidCtx`](ErrorKind::InvalidCtx) after a shutdown
    pub fn send_to<M>(&self, msg: M, to: impl Into<SocketAddr>) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
    {
        self.send_datagram(msg.into(), to.into(), Wait::AsSet)
    }

    /// Sends a datagram to that IPv4 address if that is possible without waiting.
    ///
    /// # Errors
    /// As [`send_to`](Self::send_to), with [`WouldBlock`](ErrorKind::WouldBlock) if it would have
    /// to wait.
    pub fn try_send_to<M>(&self, msg: M, to: impl Into<SocketAddr>) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
    {
        self.send_datagram(msg.into(), to.into(), Wait::No)
    }

    /// Sends a datagram to that IPv4 address, waiting no longer than that, whatever the socket's
    /// timeout is.
    ///
    /// # Errors
    /// As [`send_to`](Self::send_to).
    pub fn send_to_timeout<M, P>(
        &self,
        msg: M,
        to: impl Into<SocketAddr>,
        limit: P,
    ) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
        P: Into<Period>,
    {
        self.send_datagram(msg.into(), to.into(), limit.into().wait())
    }

    fn send_datagram(&self, msg: Msg, to: SocketAddr, wait: Wait) -> Result<(), Error<Msg>> {
        let SocketAddr::V4(to) = to else {
            return Err(Error::invalid("a DGRAM socket sends over IPv4", "send")
                .about(to)
                .giving_back(msg));
        };
        if msg.len() > send::MAX_DATAGRAM {
            return Err(Error::invalid("a datagram holds at most 8192 bytes", "send")
                .about(msg.len())
                .giving_back(msg));
        }
        let parts = Multipart::from([Msg::from(to.to_string()), msg]);
        send::send_parts(self, parts, wait).map_err(|mut error| {
            let msg = error.take().and_then(|mut parts| parts.pop_back()).unwrap_or_default();
            error.cast().giving_back(msg)
        })
    }

    /// Receives a datagram, and the address that it is from.
    ///
    /// # Errors
    /// - [`WouldBlock`](ErrorKind::WouldBlock) when the timeout has passed
    /// - [`InvalidCtx`](ErrorKind::InvalidCtx) after a shutdown
    pub fn recv_from(&self) -> Result<(SocketAddr, Msg), Error> {
        recv::receive_parts(self, Wait::AsSet).and_then(datagram)
    }

    /// Receives a datagram, and the address that it is from, waiting no longer than that, whatever
    /// the socket's timeout is; `None` if there was none in that time.
    ///
    /// # Errors
    /// As [`recv_from`](Self::recv_from), but for the timeout.
    pub fn recv_from_timeout<P>(&self, limit: P) -> Result<Option<(SocketAddr, Msg)>, Error>
    where
        P: Into<Period>,
    {
        recv::or_none(recv::receive_parts(self, limit.into().wait()).and_then(datagram))
    }

    /// Receives a datagram, and the address that it is from, if one is there.
    ///
    /// # Errors
    /// As [`recv_from`](Self::recv_from), with [`WouldBlock`](ErrorKind::WouldBlock) if there is
    /// none.
    pub fn try_recv_from(&self) -> Result<(SocketAddr, Msg), Error> {
        recv::receive_parts(self, Wait::No).and_then(datagram)
    }
}

/// Takes address and bytes apart.
fn datagram(parts: Multipart) -> Result<(SocketAddr, Msg), Error> {
    const MALFORMED: ErrorKind = ErrorKind::InvalidInput("libzmq gave no address");

    let (from, mut datagram) = addressed::split::<Msg>(parts);
    // C ends it with a NUL.
    let address = from
        .to_str()
        .ok()
        .and_then(|text| text.trim_end_matches('\0').parse::<SocketAddrV4>().ok());
    let address = address.ok_or_else(|| Error::new(MALFORMED, "receive"))?;
    Ok((address.into(), datagram.pop_back().unwrap_or_default()))
}
