//! Sending.

use std::mem::ManuallyDrop;

use crate::{
    error::{Error, ErrorKind},
    message::{Msg, Multipart},
    option::{HighWaterMark, opt},
    raw::{Errno, Wait},
    socket::{Socket, SocketType, Transports, set_hwm},
    util::Period,
};

/// Sockets that send: what there is to know of their outgoing queues.
pub trait Sends: Socket {
    /// How many messages may wait to be sent to one peer; zero is no limit.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown.
    fn send_hwm(&self) -> Result<i32, Error> {
        self.get(opt::SendHwm).map(HighWaterMark::get)
    }

    /// Sets how many messages may wait to be sent to one peer, while the socket is not bound or
    /// connected yet. A builder does it in time.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a negative number, and after the first
    /// `bind` or `connect`.
    fn set_send_hwm<H>(&self, hwm: H) -> Result<(), Error>
    where
        H: Into<HighWaterMark>,
    {
        set_hwm::<_, opt::SendHwm>(self, hwm.into())
    }

    /// How long sending waits.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown.
    fn send_timeout(&self) -> Result<Period, Error> {
        self.get(opt::SendTimeout)
    }

    /// Sets how long sending waits, for all threads that use the socket.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for more than 24 days.
    fn set_send_timeout<P>(&self, period: P) -> Result<(), Error>
    where
        P: Into<Period>,
    {
        self.set(opt::SendTimeout, period)
    }
}

/// Sockets that send messages of one part.
pub trait SendMsg: Sends {
    /// Puts a message into the outgoing queue. Whether it waits when it cannot, and for what, is
    /// the socket type's affair: see the mute state in its documentation. It waits no longer than
    /// the [timeout](Sends::set_send_timeout).
    ///
    /// That the message is in the queue does not mean that the peer has it: libzmq sends it in the
    /// background.
    ///
    /// # Errors
    /// Each gives the message back.
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock) when the timeout has passed
    /// - [`HostUnreachable`](crate::ErrorKind::HostUnreachable) from a socket that routes, if the
    ///   peer that the message names is not there
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown, also one that happens
    ///   meanwhile
    ///
    /// # In C
    /// `zmq_msg_send`
    #[doc(alias = "zmq_send")]
    #[doc(alias = "zmq_send_const")]
    #[doc(alias = "zmq_msg_send")]
    fn send<M>(&self, msg: M) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
    {
        // What is not given back is empty after that, and owns nothing that dropping it would free.
        let mut msg = ManuallyDrop::new(msg.into());
        transfer(self, &mut msg, Wait::AsSet)
    }

    /// Puts a message into the outgoing queue, as [`send`](Self::send) does, but blocks no longer
    /// than that, whatever the socket's timeout is. The limit is for this call alone.
    ///
    /// ```
    /// use libzmq::prelude::*;
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// // No server is connected.
    /// let client = Client::new()?;
    /// let mut error = client.send_msg_timeout("hello?", Duration::from_millis(10)).unwrap_err();
    /// assert!(error.is_timeout());
    /// assert_eq!(error.take().unwrap(), "hello?");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As `send`.
    fn send_msg_timeout<M, P>(&self, msg: M, limit: P) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
        P: Into<Period>,
    {
        let mut msg = ManuallyDrop::new(msg.into());
        transfer(self, &mut msg, limit.into().wait())
    }

    /// Puts a message into the outgoing queue if that is possible without waiting.
    ///
    /// # Errors
    /// As [`send`](Self::send), with [`WouldBlock`](crate::ErrorKind::WouldBlock) if it would have
    /// to wait.
    ///
    /// # In C
    /// `zmq_msg_send` with `ZMQ_DONTWAIT`
    #[doc(alias = "ZMQ_DONTWAIT")]
    fn try_send<M>(&self, msg: M) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
    {
        // What is not given back is empty after that, and owns nothing that dropping it would free.
        let mut msg = ManuallyDrop::new(msg.into());
        transfer(self, &mut msg, Wait::No)
    }
}

/// Sockets that send messages of several parts.
pub trait SendMultipart: Sends {
    /// Puts a message of one or more parts into the outgoing queue: all of them or none. Waits as a
    /// message of one part does.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let pull = PullBuilder::new().bind("inproc://parts").build()?;
    /// let push = PushBuilder::new().connect("inproc://parts").build()?;
    ///
    /// push.send_multipart(["first", "second"])?;
    /// assert_eq!(pull.recv_multipart()?, ["first", "second"]);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Each gives the whole message back.
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) for a message without parts
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock) when the timeout has passed
    /// - [`HostUnreachable`](crate::ErrorKind::HostUnreachable) from a socket that routes, if the
    ///   peer goes away within the message
    /// - [`WrongState`](crate::ErrorKind::WrongState) if it is not the socket's turn to send
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown, also one that happens
    ///   meanwhile
    ///
    /// # In C
    /// `zmq_msg_send` with `ZMQ_SNDMORE`
    fn send_multipart<M>(&self, parts: M) -> Result<(), Error<Multipart>>
    where
        M: Into<Multipart>,
    {
        send_parts(self, parts.into(), Wait::AsSet)
    }

    /// Puts a message of one or more parts into the outgoing queue, as
    /// [`send_multipart`](Self::send_multipart) does, but blocks no longer than that, whatever the
    /// socket's timeout is. The limit is for this call alone.
    ///
    /// ```
    /// use libzmq::prelude::*;
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// // No peer is connected.
    /// let push = Push::new()?;
    /// let parts = ["head", "body"];
    /// let mut error = push.send_multipart_timeout(parts, Duration::from_millis(10)).unwrap_err();
    /// assert!(error.is_timeout());
    /// assert_eq!(error.take().unwrap(), parts);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As `send_multipart`.
    fn send_multipart_timeout<M, P>(&self, parts: M, limit: P) -> Result<(), Error<Multipart>>
    where
        M: Into<Multipart>,
        P: Into<Period>,
    {
        send_parts(self, parts.into(), limit.into().wait())
    }

    /// Puts a message of one or more parts into the outgoing queue if that is possible without
    /// waiting: all of them or none.
    ///
    /// # Errors
    /// As [`send_multipart`](Self::send_multipart), with
    /// [`WouldBlock`](crate::ErrorKind::WouldBlock) if it would have to wait.
    fn try_send_multipart<M>(&self, parts: M) -> Result<(), Error<Multipart>>
    where
        M: Into<Multipart>,
    {
        send_parts(self, parts.into(), Wait::No)
    }
}

pub(crate) fn send_parts<S: Socket>(
    socket: &S,
    mut parts: Multipart,
    wait: Wait,
) -> Result<(), Error<Multipart>> {
    if parts.is_empty() {
        return Err(Error::invalid("a message has at least one part", "send").giving_back(parts));
    }
    socket
        .raw()
        .send_parts(parts.as_mut_slice(), Msg::raw, wait)
        .map_err(|errno| failure(socket, errno, wait).giving_back(parts))
}

/// Sends, and gives the message back if that fails. The message stays in its place, because moving
/// one that C has just written is slow.
#[inline]
pub(crate) fn transfer<S: Socket>(socket: &S, msg: &mut Msg, wait: Wait) -> Result<(), Error<Msg>> {
    if S::KIND.transports == Transports::ZmtpAndUdpConnected
        && socket.raw().sends_datagrams()
        && exceeds_datagram(msg)
    {
        return Err(Error::invalid(TOO_LARGE, "send")
            .about(msg.len())
            .giving_back(std::mem::take(msg)));
    }
    let raw = socket.raw();
    let sent = if S::KIND.routes {
        raw.transmit_routed(msg.raw(), wait)
    } else {
        raw.transmit(msg.raw(), 0, wait)
    };
    sent.map_err(|errno| failed(socket, errno, wait, msg))
}

#[cold]
fn failed<S: Socket>(socket: &S, errno: Errno, wait: Wait, msg: &mut Msg) -> Error<Msg> {
    failure(socket, errno, wait).giving_back(std::mem::take(msg))
}

fn failure<S: Socket>(socket: &S, errno: Errno, wait: Wait) -> Error {
    let error = Error::c(errno, "send").waited(socket.raw().waited_to_send(wait));
    match (error.kind(), S::KIND.socket_type) {
        (ErrorKind::WrongState, SocketType::Req) => {
            error.cured_by("receive the reply first, or set `relaxed`")
        }
        (ErrorKind::WrongState, SocketType::Rep) => error.cured_by("receive a request first"),
        _ => error,
    }
}

pub(crate) const TOO_LARGE: &str =
    "a datagram, with the name of its group, holds at most 8191 bytes";

/// Whether group and message are larger than a datagram of libzmq's.
fn exceeds_datagram(msg: &Msg) -> bool {
    const LENGTH_BYTE: usize = 1;

    LENGTH_BYTE + msg.group().map_or(0, |group| group.to_bytes().len()) + msg.len() > MAX_DATAGRAM
}

/// The size of libzmq's buffer for a datagram.
pub(crate) const MAX_DATAGRAM: usize = 8192;
