use super::{addressed::addressed, socket_type};
use crate::{error::Error, multipart::Unread};

socket_type! {
    /// A stream, which talks to peers that do not speak ZeroMQ: plain tcp.
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
    [Sends Receives]
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
