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
    /// Sends and receives bytes over plain tcp, with peers that do not speak ZeroMQ's protocol.
    ///
    #[doc = include_str!("../../docs/pictures/native.svg")]
    ///
    /// # When to use
    /// Use a stream to serve or call other tcp protocols in the same poller as ZeroMQ
    /// sockets. If a program has no other sockets, `std::net::TcpStream` or an async runtime is
    /// simpler. Between ZeroMQ programs use any other socket type.
    ///
    /// # Message flow
    /// - The stream knows each connection by an [`Identity`](crate::Identity).
    /// - [`recv_from`](Self::recv_from) returns an identity and the bytes that have arrived. Tcp
    ///   has no messages: one write of the peer may arrive as several messages, or several as one.
    /// - An empty message says that the connection was made or has ended. The option
    ///   [`StreamNotify`](crate::opt::StreamNotify) switches these messages off.
    /// - [`route`](Self::route) sends bytes to a connection. [`close`](Self::close) ends one.
    ///
    /// # Mute state
    /// Each connection has a queue of its own. While that queue is at its high water mark, `route`
    /// blocks and `try_route` returns [`WouldBlock`]. If the connection has ended, both return
    /// [`HostUnreachable`]. A stream never drops a message because a queue is full.
    ///
    /// # Pitfalls
    /// - Collect the received bytes per identity until the protocol's message is complete.
    /// - An empty message passed to `route` closes the connection.
    /// - There is no handshake: mechanisms and ZAP do not protect a stream, and setting one makes
    ///   `bind` and `connect` return [`Unsupported`](ErrorKind::Unsupported).
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | Any tcp peer |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Unrestricted |
    /// | Outgoing routing strategy | By identity |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Block |
    /// | Thread-safe | No |
    /// | Multipart messages | Identity and bytes |
    /// | Transports | tcp |
    ///
    /// # Examples
    /// A tiny web server:
    /// ```
    /// use libzmq::{addr::Endpoint, prelude::*};
    /// use std::{
    ///     io::{self, Read, Write},
    ///     net::TcpStream,
    ///     thread,
    /// };
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// const PAGE: &str = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nHello, World!";
    ///
    /// let web = StreamBuilder::new().bind("tcp://127.0.0.1:*").build()?;
    /// let Endpoint::Tcp(addr) = web.last_endpoint()? else { unreachable!() };
    ///
    /// let browser = thread::spawn(move || -> io::Result<String> {
    ///     let mut connection = TcpStream::connect(addr.to_string())?;
    ///     connection.write_all(b"GET / HTTP/1.0\r\n\r\n")?;
    ///     let mut page = String::new();
    ///     connection.read_to_string(&mut page)?;
    ///     Ok(page)
    /// });
    ///
    /// loop {
    ///     let (visitor, request) = web.recv_from()?;
    ///     if request[0].is_empty() {
    ///         // A connection was made or has ended.
    ///         continue;
    ///     }
    ///     web.route(PAGE, &visitor)?;
    ///     web.close(&visitor)?;
    ///     break;
    /// }
    /// drop(web);
    /// assert!(browser.join().unwrap()?.ends_with("Hello, World!"));
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # C API
    /// `ZMQ_STREAM`
    ///
    /// [`HostUnreachable`]: crate::ErrorKind::HostUnreachable
    /// [`WouldBlock`]: crate::ErrorKind::WouldBlock
    #[doc(alias = "ZMQ_STREAM")]
    Stream, StreamBuilder, StreamConfig: Exclusive<Unread>,
    [Sends Receives],
    over: Tcp
}

addressed!(Stream);

impl Stream {
    /// Closes a connection after the queued bytes were sent.
    ///
    /// The connection closes during a later call on the socket, or when the socket is dropped. See
    /// the example of [`Stream`].
    ///
    /// # Errors
    /// [`HostUnreachable`](crate::ErrorKind::HostUnreachable) if the connection has ended already.
    ///
    /// # C API
    /// `zmq_msg_send` of the identity and an empty frame
    pub fn close(&self, connection: impl AsRef<[u8]>) -> Result<(), Error> {
        self.route("", connection).map_err(Error::cast)
    }
}

socket_type! {
    /// Sends and receives udp datagrams, with peers that do not speak ZeroMQ's protocol.
    ///
    #[doc = include_str!("../../docs/pictures/native.svg")]
    ///
    /// # When to use
    /// Use a dgram to serve or call other udp protocols in the same poller as ZeroMQ sockets. If a
    /// program has no other sockets, `std::net::UdpSocket` is simpler. To multicast between ZeroMQ
    /// programs, use [`Radio`](crate::Radio) and [`Dish`](crate::Dish) over udp.
    ///
    /// # Message flow
    /// - A datagram is an IPv4 address and at most 8192 bytes.
    /// - The socket binds its own address, and sends to any address.
    /// - Datagrams can be lost, duplicated and reordered, as with udp everywhere.
    ///
    /// # Mute state
    /// While the queue is at its high water mark, [`send_to`](Self::send_to) blocks and
    /// [`try_send_to`](Self::try_send_to) returns [`WouldBlock`](ErrorKind::WouldBlock).
    ///
    /// # Pitfalls
    /// - Bind before sending: before, `send_to` returns
    ///   [`HostUnreachable`](ErrorKind::HostUnreachable).
    /// - [`last_endpoint`](crate::prelude::Socket::last_endpoint) does not return the port that the
    ///   system assigned to `udp://...:*`.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | Any udp peer |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Unrestricted |
    /// | Outgoing routing strategy | By address |
    /// | Incoming routing strategy | In order of arrival |
    /// | Action in mute state | Block |
    /// | Thread-safe | No |
    /// | Multipart messages | Address and bytes |
    /// | Transports | udp |
    ///
    /// # Examples
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
    ///     // Datagrams that arrive before the socket is bound are lost.
    ///     other.send_to(b"hello", free)?;
    ///     if let Ok(received) = echo.recv_from() {
    ///         break received;
    ///     }
    /// };
    /// assert_eq!(from, other.local_addr()?);
    /// echo.send_to(datagram, from)?;
    ///
    /// let mut reply = [0; 32];
    /// let size = other.recv(&mut reply)?;
    /// assert_eq!(&reply[..size], b"hello");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # C API
    /// `ZMQ_DGRAM` (draft)
    #[doc(alias = "ZMQ_DGRAM")]
    Dgram, DgramBuilder, DgramConfig: Exclusive<Unread>,
    [Sends Receives],
    over: Udp
}

impl Dgram {
    /// Sends a datagram to an IPv4 address, blocking while the queue is at its high water mark, at
    /// most for the socket's [timeout](crate::prelude::Sends::set_send_timeout).
    ///
    /// # Errors
    /// Each gives the message back.
    /// - [`InvalidInput`](ErrorKind::InvalidInput) for more than 8192 bytes, or an IPv6 address
    /// - [`WouldBlock`](ErrorKind::WouldBlock) when the timeout has passed
    /// - [`HostUnreachable`](ErrorKind::HostUnreachable) if the socket is not bound
    /// - [`InvalidCtx`](ErrorKind::InvalidCtx) after the context was shut down, also during the
    ///   call
    ///
    /// # C API
    /// `zmq_msg_send` of the address and the datagram
    pub fn send_to<M>(&self, msg: M, to: impl Into<SocketAddr>) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
    {
        self.send_datagram(msg.into(), to.into(), Wait::AsSet)
    }

    /// Sends a datagram to an IPv4 address without blocking.
    ///
    /// # Errors
    /// Those of [`send_to`](Self::send_to), with [`WouldBlock`](ErrorKind::WouldBlock) while the
    /// queue is at its high water mark.
    pub fn try_send_to<M>(&self, msg: M, to: impl Into<SocketAddr>) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
    {
        self.send_datagram(msg.into(), to.into(), Wait::No)
    }

    /// Sends a datagram to an IPv4 address, blocking at most for `limit`, which replaces the
    /// socket's timeout in this call.
    ///
    /// # Errors
    /// Those of [`send_to`](Self::send_to).
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

    /// Receives the next datagram and the address of its sender, blocking until one arrives or the
    /// socket's [timeout](crate::prelude::Receives::set_recv_timeout) has passed.
    ///
    /// # Errors
    /// - [`WouldBlock`](ErrorKind::WouldBlock) when the timeout has passed
    /// - [`InvalidCtx`](ErrorKind::InvalidCtx) after the context was shut down, also during the
    ///   call
    /// - [`Stopped`](ErrorKind::Stopped) after [`stop_receiving`][stop], also during the call
    ///
    /// [stop]: crate::prelude::Receives::stop_receiving
    ///
    /// # C API
    /// `zmq_msg_recv` of the address and the datagram
    pub fn recv_from(&self) -> Result<(SocketAddr, Msg), Error> {
        recv::receive_parts(self, Wait::AsSet).and_then(datagram)
    }

    /// Receives the next datagram and the address of its sender, blocking at most for `limit`,
    /// which replaces the socket's timeout in this call. Returns `None` if no datagram arrived.
    ///
    /// # Errors
    /// Those of [`recv_from`](Self::recv_from), except the timeout.
    pub fn recv_from_timeout<P>(&self, limit: P) -> Result<Option<(SocketAddr, Msg)>, Error>
    where
        P: Into<Period>,
    {
        recv::or_none(recv::receive_parts(self, limit.into().wait()).and_then(datagram))
    }

    /// Receives the next datagram and the address of its sender without blocking.
    ///
    /// # Errors
    /// Those of [`recv_from`](Self::recv_from), with [`WouldBlock`](ErrorKind::WouldBlock) if none
    /// is queued.
    pub fn try_recv_from(&self) -> Result<(SocketAddr, Msg), Error> {
        recv::receive_parts(self, Wait::No).and_then(datagram)
    }
}

/// Separates the address from the bytes.
fn datagram(parts: Multipart) -> Result<(SocketAddr, Msg), Error> {
    const MALFORMED: ErrorKind = ErrorKind::InvalidInput("libzmq gave no address");

    let (from, mut datagram) = addressed::split::<Msg>(parts);
    // libzmq ends the address with a NUL.
    let address = from
        .to_str()
        .ok()
        .and_then(|text| text.trim_end_matches('\0').parse::<SocketAddrV4>().ok());
    let address = address.ok_or_else(|| Error::new(MALFORMED, "receive"))?;
    Ok((address.into(), datagram.pop_back().unwrap_or_default()))
}
