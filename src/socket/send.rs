//! The traits of sockets that send.

use std::mem;

use crate::{
    error::{Error, ErrorKind},
    message::{Msg, Multipart},
    option::{HighWaterMark, opt},
    raw::{Errno, Wait},
    socket::{Socket, SocketType, Transports, set_hwm},
    util::Period,
};

/// Socket types that send: timeout and high water mark of sending.
pub trait Sends: Socket {
    /// Returns the high water mark for sending: how many messages may be queued for one peer. Zero
    /// means no limit.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down.
    ///
    /// # C API
    /// `ZMQ_SNDHWM`
    fn send_hwm(&self) -> Result<i32, Error> {
        self.get(opt::SendHwm).map(HighWaterMark::get)
    }

    /// Sets the high water mark for sending: how many messages may be queued for one peer. The
    /// default is 1000; zero means no limit.
    ///
    /// It must be set before the first `bind` or `connect`. A
    /// [builder](crate::Builder::send_hwm) sets it in time.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a negative number, and after the first
    /// `bind` or `connect`.
    ///
    /// # C API
    /// `ZMQ_SNDHWM`
    #[doc(alias = "set_sndhwm")]
    #[doc(alias = "set_hwm")]
    fn set_send_hwm<H>(&self, hwm: H) -> Result<(), Error>
    where
        H: Into<HighWaterMark>,
    {
        set_hwm::<_, opt::SendHwm>(self, hwm.into())
    }

    /// Returns how long a call that sends blocks at most.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down.
    ///
    /// # C API
    /// `ZMQ_SNDTIMEO`
    fn send_timeout(&self) -> Result<Period, Error> {
        self.get(opt::SendTimeout)
    }

    /// Sets how long a call that sends blocks at most, for all threads that use the socket. The
    /// default is [`Infinite`](crate::Period::Infinite).
    ///
    /// The resolution is one millisecond. Calls that are blocked already keep the timeout that they
    /// began with.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for more than 24 days.
    ///
    /// # C API
    /// `ZMQ_SNDTIMEO`
    #[doc(alias = "set_sndtimeo")]
    fn set_send_timeout<P>(&self, period: P) -> Result<(), Error>
    where
        P: Into<Period>,
    {
        self.set(opt::SendTimeout, period)
    }
}

/// Socket types that send messages of a single frame.
pub trait SendMsg: Sends {
    /// Sends a message: puts it into the queue of a peer.
    ///
    /// In the mute state this blocks or drops the message, depending on the socket type: see "Mute
    /// state" on its page. It blocks at most for the [timeout](Sends::set_send_timeout).
    ///
    /// `Ok` means that the message is queued, not that the peer has received it. An I/O thread
    /// sends it in the background.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let gather = GatherBuilder::new().bind("inproc://send").build()?;
    /// let scatter = ScatterBuilder::new().connect("inproc://send").build()?;
    /// scatter.send("text")?;
    /// scatter.send([1, 2, 3])?;
    /// scatter.send(Msg::from("a message"))?;
    /// assert_eq!(gather.recv_msg()?, "text");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Each error contains the message; [`take`](Error::take) returns it.
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock) when the timeout has passed
    /// - [`HostUnreachable`](crate::ErrorKind::HostUnreachable) from a `Server` or `Peer`, if the
    ///   peer of the message's routing id has gone or never was
    /// - [`WrongState`](crate::ErrorKind::WrongState) from a `Req` or `Rep` whose turn is to
    ///   receive
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) from a `Radio` over udp, for a message
    ///   larger than a datagram
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down, also during
    ///   the call
    ///
    /// # C API
    /// `zmq_msg_send`
    #[doc(alias = "zmq_send")]
    #[doc(alias = "zmq_send_const")]
    #[doc(alias = "zmq_msg_send")]
    #[doc(alias = "zmq_sendmsg")]
    #[doc(alias = "send_string")]
    #[doc(alias = "send_bytes")]
    #[doc(alias = "send_msg")]
    #[doc(alias = "zstr_send")]
    fn send<M>(&self, msg: M) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
    {
        transfer(self, msg.into(), Wait::AsSet)
    }

    /// Sends a message like [`send`](Self::send), blocking at most for `limit`, which replaces the
    /// socket's timeout in this call.
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
    /// Those of `send`.
    ///
    /// # C API
    /// `zmq_msg_send`, `zmq_poll`
    #[doc(alias = "SNDTIMEO")]
    fn send_msg_timeout<M, P>(&self, msg: M, limit: P) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
        P: Into<Period>,
    {
        transfer(self, msg.into(), limit.into().wait())
    }

    /// Sends a message without blocking.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// // No server is connected.
    /// let client = Client::new()?;
    /// let mut error = client.try_send("hello?").unwrap_err();
    /// assert!(error.is_would_block());
    /// assert_eq!(error.take().unwrap(), "hello?");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`send`](Self::send), with [`WouldBlock`](crate::ErrorKind::WouldBlock) where
    /// `send` would block.
    ///
    /// # C API
    /// `zmq_msg_send` with `ZMQ_DONTWAIT`
    #[doc(alias = "ZMQ_DONTWAIT")]
    #[doc(alias = "NOBLOCK")]
    fn try_send<M>(&self, msg: M) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
    {
        transfer(self, msg.into(), Wait::No)
    }

    /// Sends messages in order, and returns how many.
    ///
    /// Each message blocks like [`send`](Self::send), at most for the timeout. One call takes the
    /// lock of a thread-safe socket once for 64 messages. They are separate messages: other threads
    /// may send in between, and each may go to another peer.
    ///
    /// The iterator is read to its end before the first message is sent, so it may use the socket.
    /// If it panics, no message was sent.
    ///
    /// ```
    /// use libzmq::prelude::*;
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// // No server listens there, and the queue of the connection holds two messages.
    /// let client = ClientBuilder::new()
    ///     .send_hwm(2)
    ///     .send_timeout(Duration::from_millis(10))
    ///     .connect("tcp://127.0.0.1:9")
    ///     .build()?;
    /// let mut error = client.send_many(["one", "two", "three", "four"]).unwrap_err();
    /// assert!(error.is_timeout());
    ///
    /// let unsent = error.take().unwrap();
    /// assert_eq!(unsent.sent(), 2);
    /// assert_eq!(unsent.into_msgs(), ["three", "four"]);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of `send`, for the first message that could not be sent. The error contains that
    /// message and the later ones, and how many were sent: [`take`](Error::take) returns them.
    ///
    /// # C API
    /// `zmq_msg_send`, repeated
    #[doc(alias = "zmq_msg_send_many")]
    fn send_many<I>(&self, msgs: I) -> Result<usize, Error<Unsent>>
    where
        I: IntoIterator,
        I::Item: Into<Msg>,
    {
        send_all(self, msgs.into_iter().map(Into::into).collect(), Wait::AsSet)
    }

    /// Sends messages in order without blocking: [`send_many`](Self::send_many) that fails where a
    /// message would block.
    ///
    /// # Errors
    /// Those of `send_many`, and [`WouldBlock`](crate::ErrorKind::WouldBlock) for the first message
    /// that would block.
    fn try_send_many<I>(&self, msgs: I) -> Result<usize, Error<Unsent>>
    where
        I: IntoIterator,
        I::Item: Into<Msg>,
    {
        send_all(self, msgs.into_iter().map(Into::into).collect(), Wait::No)
    }
}

/// The messages that a [`send_many`](SendMsg::send_many) did not send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    sent: usize,
    msgs: Vec<Msg>,
}

impl Unsent {
    /// How many messages the call has sent before the first of these.
    pub fn sent(&self) -> usize {
        self.sent
    }

    /// The messages, in order. The first is the one that could not be sent.
    pub fn msgs(&self) -> &[Msg] {
        &self.msgs
    }

    /// Returns the messages, so that they can be sent again.
    pub fn into_msgs(self) -> Vec<Msg> {
        self.msgs
    }
}

/// Socket types that send multipart messages.
pub trait SendMultipart: Sends {
    /// Sends a message of one or more frames: all of them or none.
    ///
    /// In the mute state this blocks or drops the message, depending on the socket type: see "Mute
    /// state" on its page. It blocks at most for the [timeout](Sends::set_send_timeout).
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
    /// Each error contains the whole message; [`take`](Error::take) returns it.
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) for a message without frames
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock) when the timeout has passed
    /// - [`HostUnreachable`](crate::ErrorKind::HostUnreachable) from a `Router`, if the peer has
    ///   gone or the connection ends within the message
    /// - [`WrongState`](crate::ErrorKind::WrongState) from a `Req` or `Rep` whose turn is to
    ///   receive
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down, also during
    ///   the call
    ///
    /// # C API
    /// `zmq_msg_send` with `ZMQ_SNDMORE`
    #[doc(alias = "ZMQ_SNDMORE")]
    #[doc(alias = "SNDMORE")]
    fn send_multipart<M>(&self, parts: M) -> Result<(), Error<Multipart>>
    where
        M: Into<Multipart>,
    {
        send_parts(self, parts.into(), Wait::AsSet)
    }

    /// Sends a message of one or more frames like [`send_multipart`](Self::send_multipart),
    /// blocking at most for `limit`, which replaces the socket's timeout in this call.
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
    /// Those of `send_multipart`.
    fn send_multipart_timeout<M, P>(&self, parts: M, limit: P) -> Result<(), Error<Multipart>>
    where
        M: Into<Multipart>,
        P: Into<Period>,
    {
        send_parts(self, parts.into(), limit.into().wait())
    }

    /// Sends a message of one or more frames without blocking: all of them or none.
    ///
    /// # Errors
    /// Those of [`send_multipart`](Self::send_multipart), with
    /// [`WouldBlock`](crate::ErrorKind::WouldBlock) where `send_multipart` would block.
    ///
    /// # C API
    /// `zmq_msg_send` with `ZMQ_SNDMORE` and `ZMQ_DONTWAIT`
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
        return Err(Error::invalid("a message has at least one frame", "send").giving_back(parts));
    }
    socket
        .raw()
        .send_parts(parts.as_mut_slice(), Msg::raw, wait)
        .map_err(|errno| failure(socket, errno, wait).giving_back(parts))
}

fn send_all<S: Socket>(socket: &S, mut msgs: Vec<Msg>, wait: Wait) -> Result<usize, Error<Unsent>> {
    let raw = socket.raw();
    // The size of each datagram is checked.
    let at_once = !raw.sends_datagrams();
    let mut sent = 0;
    while sent < msgs.len() {
        if at_once {
            sent += raw.send_many(&mut msgs[sent..], Msg::raw);
        }
        let Some(next) = msgs.get_mut(sent) else { break };
        if let Err(error) = send_in_place(socket, next, wait) {
            let msgs = msgs.split_off(sent);
            return Err(error.giving_back(Unsent { sent, msgs }));
        }
        sent += 1;
    }
    // All are empty now, and own nothing that dropping them would free.
    msgs.into_iter().for_each(mem::forget);
    Ok(sent)
}

/// Sends a message, and returns it in the error if that fails.
#[inline]
pub(crate) fn transfer<S: Socket>(socket: &S, mut msg: Msg, wait: Wait) -> Result<(), Error<Msg>> {
    match send_in_place(socket, &mut msg, wait) {
        Ok(()) => {
            // It is empty now, so there is nothing to drop.
            mem::forget(msg);
            Ok(())
        }
        Err(error) => Err(error.giving_back(msg)),
    }
}

/// Sends a message that is empty then. On failure it is as it was.
#[inline]
pub(crate) fn send_in_place<S: Socket>(socket: &S, msg: &mut Msg, wait: Wait) -> Result<(), Error> {
    if is_too_large(socket, msg) {
        return Err(Error::invalid(TOO_LARGE, "send").about(msg.len()));
    }
    let raw = socket.raw();
    let sent = if S::KIND.routes {
        raw.transmit_routed(msg.raw(), wait)
    } else {
        raw.transmit(msg.raw(), wait)
    };
    sent.map_err(|errno| {
        let error = failure(socket, errno, wait);
        if S::KIND.routes { routed_failure(error, msg) } else { error }
    })
}

/// Adds to the error of a send without a peer that the message has no routing id, if so.
#[cold]
fn routed_failure(error: Error, msg: &Msg) -> Error {
    if error.kind() == ErrorKind::HostUnreachable && msg.routing_id().is_none() {
        return error.cured_by("the message has no routing id: call `route`");
    }
    error
}

#[cold]
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

/// Whether the message is a datagram that libzmq cannot send.
#[inline]
pub(super) fn is_too_large<S: Socket>(socket: &S, msg: &Msg) -> bool {
    S::KIND.transports == Transports::ZmtpAndUdpConnected
        && socket.raw().sends_datagrams()
        && exceeds_datagram(msg)
}

/// Whether the group and the message are larger than the largest datagram that libzmq sends.
fn exceeds_datagram(msg: &Msg) -> bool {
    const LENGTH_BYTE: usize = 1;

    LENGTH_BYTE + msg.group().map_or(0, |group| group.to_bytes().len()) + msg.len() > MAX_DATAGRAM
}

/// The size in bytes of libzmq's buffer for a datagram.
pub(crate) const MAX_DATAGRAM: usize = 8192;
