//! The traits of sockets that receive.

use crate::{
    error::{Error, ErrorKind},
    message::{Msg, Multipart, Unread},
    option::{HighWaterMark, opt},
    raw::{DeferDrops, Errno, Wait},
    socket::{Socket, SocketType, Stopper, set_hwm},
    util::Period,
};

/// Socket types that receive: timeout and high water mark of receiving, and how to stop it.
pub trait Receives: Socket {
    /// Returns the high water mark for receiving: how many messages of one peer may be queued. Zero
    /// means no limit.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down.
    ///
    /// # C API
    /// `ZMQ_RCVHWM`
    fn recv_hwm(&self) -> Result<i32, Error> {
        self.get(opt::RecvHwm).map(HighWaterMark::get)
    }

    /// Sets the high water mark for receiving: how many messages of one peer may be queued. The
    /// default is 1000; zero means no limit.
    ///
    /// It must be set before the first `bind` or `connect`. A
    /// [builder](crate::Builder::recv_hwm) sets it in time.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a negative number, and after the first
    /// `bind` or `connect`.
    ///
    /// # C API
    /// `ZMQ_RCVHWM`
    #[doc(alias = "set_rcvhwm")]
    #[doc(alias = "set_hwm")]
    fn set_recv_hwm<H>(&self, hwm: H) -> Result<(), Error>
    where
        H: Into<HighWaterMark>,
    {
        set_hwm::<_, opt::RecvHwm>(self, hwm.into())
    }

    /// Returns how long a call that receives blocks at most.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down.
    ///
    /// # C API
    /// `ZMQ_RCVTIMEO`
    fn recv_timeout(&self) -> Result<Period, Error> {
        self.get(opt::RecvTimeout)
    }

    /// Sets how long a call that receives blocks at most, for all threads that use the socket. The
    /// default is [`Infinite`](crate::Period::Infinite).
    ///
    /// The resolution is one millisecond. Calls that are blocked already keep the timeout that they
    /// began with.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = Server::new()?;
    /// server.set_recv_timeout(std::time::Duration::from_millis(10))?;
    /// assert!(server.recv_msg().unwrap_err().is_timeout());
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for more than 24 days.
    ///
    /// # C API
    /// `ZMQ_RCVTIMEO`
    #[doc(alias = "set_rcvtimeo")]
    fn set_recv_timeout<P>(&self, period: P) -> Result<(), Error>
    where
        P: Into<Period>,
    {
        self.set(opt::RecvTimeout, period)
    }

    /// Makes every call that blocks to receive return [`Stopped`](crate::ErrorKind::Stopped): the
    /// calls that other threads are blocked in, and later ones.
    ///
    /// Sending is not affected, so the last replies can be sent. Queued messages stay in the queue:
    /// `try_recv` and the other calls that do not block receive them, and return `Stopped` when the
    /// queue is empty. A [poller](crate::poll) reports the socket as readable, and futures that
    /// receive complete with `Stopped`. It cannot be undone.
    ///
    /// Does not block.
    ///
    /// ```
    /// use libzmq::prelude::*;
    /// use std::thread;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build()?;
    /// let workers: Vec<_> = (0..4)
    ///     .map(|_| {
    ///         let server = server.clone();
    ///         thread::spawn(move || {
    ///             while let Ok(request) = server.recv_msg() {
    ///                 server.send(request)?;
    ///             }
    ///             Ok::<(), libzmq::Error>(())
    ///         })
    ///     })
    ///     .collect();
    ///
    /// server.stop_receiving()?;
    /// for worker in workers {
    ///     worker.join().unwrap()?;
    /// }
    /// assert!(server.recv_msg().unwrap_err().is_shutdown());
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// A [`Stopper`] does the same from another thread, also for a single-threaded socket. Socket
    /// types that only send have no such method:
    ///
    /// ```compile_fail,E0599
    /// use libzmq::prelude::*;
    ///
    /// Push::new().unwrap().stop_receiving().unwrap();
    /// ```
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) with another libzmq than the vendored one.
    #[doc(alias = "zmq_socket_stop_receiving")]
    fn stop_receiving(&self) -> Result<(), Error> {
        self.stopper().map(|stopper| stopper.stop())
    }

    /// Returns a handle that makes the socket [stop receiving](Self::stop_receiving) from any
    /// thread.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) with another libzmq than the vendored one.
    fn stopper(&self) -> Result<Stopper, Error> {
        Stopper::of(self.raw())
    }
}

/// Socket types that receive messages of a single frame.
///
/// | Method | Returns | Blocks at most for |
/// |:---|:---|:---|
/// | [`recv_msg`](Self::recv_msg) | a new message | the socket's timeout |
/// | [`recv_msg_timeout`](Self::recv_msg_timeout) | a new message or `None` | its argument |
/// | [`try_recv_msg`](Self::try_recv_msg) | a new message | does not block |
/// | [`recv`](Self::recv) | into an existing message | the socket's timeout |
/// | [`try_recv`](Self::try_recv) | into an existing message | does not block |
/// | [`recv_string`](Self::recv_string) | text | the socket's timeout |
/// | [`recv_bytes`](Self::recv_bytes) | a `Vec<u8>` | the socket's timeout |
/// | [`recv_into`](Self::recv_into) | into a buffer | the socket's timeout |
pub trait RecvMsg: Receives {
    /// Receives the next message into `msg`, blocking until one arrives or the
    /// [timeout](Receives::set_recv_timeout) has passed.
    ///
    /// The previous content of `msg` is dropped. After an error `msg` is as it was, or empty.
    ///
    /// On a thread-safe socket other threads can send and receive while this call is blocked. Each
    /// message goes to one of the threads that receive.
    ///
    /// # Errors
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock) when the timeout has passed
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down, also during
    ///   the call
    /// - [`Stopped`](crate::ErrorKind::Stopped) after [`stop_receiving`](Receives::stop_receiving),
    ///   also during the call
    /// - [`WrongState`](crate::ErrorKind::WrongState) from a `Req` or `Rep` whose turn is to send
    /// - [`Multipart`](crate::ErrorKind::Multipart) if the next message is a multipart message. The
    ///   next [`recv_multipart`](RecvMultipart::recv_multipart) returns it; another `recv` drops it
    ///   and receives the message after it. Thread-safe sockets never return this error, since
    ///   libzmq discards multipart messages that arrive at them
    ///
    /// # C API
    /// `zmq_msg_recv`
    #[doc(alias = "zmq_msg_recv")]
    #[doc(alias = "zmq_recvmsg")]
    fn recv(&self, msg: &mut Msg) -> Result<(), Error> {
        receive(self, msg, Wait::AsSet)
    }

    /// Receives the next message into `msg` without blocking.
    ///
    /// # Errors
    /// Those of [`recv`](Self::recv), with [`WouldBlock`](crate::ErrorKind::WouldBlock) if no
    /// message is queued.
    ///
    /// # C API
    /// `zmq_msg_recv` with `ZMQ_DONTWAIT`
    fn try_recv(&self, msg: &mut Msg) -> Result<(), Error> {
        receive(self, msg, Wait::No)
    }

    /// Receives the next message, blocking until one arrives or the
    /// [timeout](Receives::set_recv_timeout) has passed.
    ///
    /// # Errors
    /// Those of [`recv`](Self::recv).
    ///
    /// # C API
    /// `zmq_msg_recv`
    #[doc(alias = "receive")]
    #[doc(alias = "zframe_recv")]
    fn recv_msg(&self) -> Result<Msg, Error> {
        let mut msg = Msg::new();
        self.recv(&mut msg)?;
        Ok(msg)
    }

    /// Receives the next message into a buffer, and returns the size of the message in bytes.
    ///
    /// Blocks like [`recv`](Self::recv). If the message is larger than the buffer, the rest of the
    /// message is discarded.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let pull = PullBuilder::new().bind("inproc://into").build()?;
    /// let push = PushBuilder::new().connect("inproc://into").build()?;
    /// push.send("hello")?;
    ///
    /// let mut buffer = [0; 4];
    /// assert_eq!(pull.recv_into(&mut buffer)?, 5);
    /// assert_eq!(&buffer, b"hell");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`recv`](Self::recv).
    ///
    /// # C API
    /// `zmq_recv`
    #[doc(alias = "zmq_recv")]
    fn recv_into(&self, buffer: &mut [u8]) -> Result<usize, Error> {
        let msg = self.recv_msg()?;
        let fits = buffer.len().min(msg.len());
        buffer[..fits].copy_from_slice(&msg[..fits]);
        Ok(msg.len())
    }

    /// Receives the next message and returns its bytes. Blocks like [`recv`](Self::recv).
    ///
    /// # Errors
    /// Those of [`recv`](Self::recv).
    ///
    /// # C API
    /// `zmq_msg_recv`
    fn recv_bytes(&self) -> Result<Vec<u8>, Error> {
        self.recv_msg().map(Vec::from)
    }

    /// Receives the next message and returns its text. Blocks like [`recv`](Self::recv).
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let pull = PullBuilder::new().bind("inproc://string").build()?;
    /// let push = PushBuilder::new().connect("inproc://string").build()?;
    /// push.send("hello")?;
    /// assert_eq!(pull.recv_string()?, "hello");
    ///
    /// push.send([0xff])?;
    /// let mut error = pull.recv_string().unwrap_err();
    /// assert_eq!(error.take().unwrap(), [0xff]);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`recv`](Self::recv), and [`InvalidInput`](crate::ErrorKind::InvalidInput) if the
    /// message is not UTF-8. That error contains the message.
    ///
    /// # C API
    /// `zmq_msg_recv`
    #[doc(alias = "zstr_recv")]
    fn recv_string(&self) -> Result<String, Error<Msg>> {
        let msg = self.recv_msg().map_err(Error::cast_into)?;
        match msg.to_str() {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(Error::invalid("the message is not UTF-8", "receive").giving_back(msg)),
        }
    }

    /// Receives the next message, blocking at most for `limit`. Returns `None` if none arrived.
    ///
    /// `limit` replaces the socket's timeout in this call. The socket's timeout is not changed, so
    /// other threads are not affected.
    ///
    /// ```
    /// use libzmq::prelude::*;
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = ServerBuilder::new().bind("inproc://in-time").build()?;
    /// assert!(server.recv_msg_timeout(Duration::from_millis(10))?.is_none());
    ///
    /// let client = ClientBuilder::new().connect("inproc://in-time").build()?;
    /// client.send("at last")?;
    /// assert_eq!(server.recv_msg_timeout(Duration::from_secs(10))?.unwrap(), "at last");
    /// assert_eq!(server.recv_timeout()?, Infinite);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`recv`](Self::recv), except the timeout.
    ///
    /// # C API
    /// `zmq_msg_recv`, `zmq_poll`
    #[doc(alias = "RCVTIMEO")]
    fn recv_msg_timeout<P>(&self, limit: P) -> Result<Option<Msg>, Error>
    where
        P: Into<Period>,
    {
        let mut msg = Msg::new();
        or_none(receive(self, &mut msg, limit.into().wait()).map(|()| msg))
    }

    /// Receives the next message without blocking.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = ServerBuilder::new().bind("inproc://try-recv").build()?;
    /// assert!(server.try_recv_msg().unwrap_err().is_would_block());
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`try_recv`](Self::try_recv).
    ///
    /// # C API
    /// `zmq_msg_recv` with `ZMQ_DONTWAIT`
    #[doc(alias = "NOBLOCK")]
    fn try_recv_msg(&self) -> Result<Msg, Error> {
        let mut msg = Msg::new();
        self.try_recv(&mut msg)?;
        Ok(msg)
    }
}

/// Socket types that receive multipart messages.
pub trait RecvMultipart: Receives {
    /// Receives the next message with all its frames, blocking until one arrives or the
    /// [timeout](Receives::set_recv_timeout) has passed.
    ///
    /// A message of a single frame is returned as one frame.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let pull = PullBuilder::new().bind("inproc://frames").build()?;
    /// let push = PushBuilder::new().connect("inproc://frames").build()?;
    /// push.send_multipart(["key", "value"])?;
    /// let frames = pull.recv_multipart()?;
    /// assert_eq!(frames[1], "value");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock) when the timeout has passed
    /// - [`WrongState`](crate::ErrorKind::WrongState) from a `Req` or `Rep` whose turn is to send
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down, also during
    ///   the call
    /// - [`Stopped`](crate::ErrorKind::Stopped) after [`stop_receiving`](Receives::stop_receiving),
    ///   also during the call
    ///
    /// # C API
    /// `zmq_msg_recv`, `ZMQ_RCVMORE`
    #[doc(alias = "get_rcvmore")]
    #[doc(alias = "RCVMORE")]
    #[doc(alias = "recv_multipart_bytes")]
    #[doc(alias = "zmsg_recv")]
    fn recv_multipart(&self) -> Result<Multipart, Error> {
        receive_parts(self, Wait::AsSet)
    }

    /// Receives the next message with all its frames, blocking at most for `limit`, which replaces
    /// the socket's timeout in this call. Returns `None` if no message arrived.
    ///
    /// ```
    /// use libzmq::prelude::*;
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let pull = PullBuilder::new().bind("inproc://parts-in-time").build()?;
    /// assert!(pull.recv_multipart_timeout(Duration::from_millis(10))?.is_none());
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`recv_multipart`](Self::recv_multipart), except the timeout.
    fn recv_multipart_timeout<P>(&self, limit: P) -> Result<Option<Multipart>, Error>
    where
        P: Into<Period>,
    {
        or_none(receive_parts(self, limit.into().wait()))
    }

    /// Receives the next message with all its frames, without blocking.
    ///
    /// # Errors
    /// Those of [`recv_multipart`](Self::recv_multipart), with
    /// [`WouldBlock`](crate::ErrorKind::WouldBlock) if no message is queued.
    fn try_recv_multipart(&self) -> Result<Multipart, Error> {
        receive_parts(self, Wait::No)
    }
}

pub(crate) fn receive_parts<S: Socket>(socket: &S, wait: Wait) -> Result<Multipart, Error> {
    if let Some(parts) = socket.unread().and_then(Unread::take) {
        return Ok(parts);
    }
    let mut first = Msg::new();
    let _deferred = receive_first(socket, &mut first, wait)?;
    Multipart::complete(first, socket.raw()).map_err(|errno| failed(socket, errno, wait))
}

/// Receives the first frame of a message. Until the returned value is dropped, no owner of a buffer
/// is: its drop may run user code that receives the other frames.
#[inline]
fn receive_first<S: Socket>(socket: &S, msg: &mut Msg, wait: Wait) -> Result<DeferDrops, Error> {
    let raw = socket.raw();
    let mut deferred = DeferDrops::new();
    let mut received = raw.attempt_to_receive(msg.raw(), wait);
    if wait != Wait::No && received == Err(Errno::AGAIN) {
        // Owners that the attempt released are dropped before this call blocks.
        drop(deferred);
        deferred = DeferDrops::new();
        received = raw.wait_to_receive(msg.raw(), wait);
    }
    received.map_err(|errno| failed(socket, errno, wait))?;
    if S::KIND.socket_type == SocketType::XPub {
        raw.note_subscription(msg);
    }
    Ok(deferred)
}

/// Receives a message of a single frame. A multipart message is kept whole for `recv_multipart`,
/// and the error says so.
#[inline]
fn receive<S: Socket>(socket: &S, msg: &mut Msg, wait: Wait) -> Result<(), Error> {
    let _deferred = receive_first(socket, msg, wait)?;
    match socket.unread() {
        Some(unread) => whole(socket, unread, msg),
        None => Ok(()),
    }
}

#[cold]
fn failed<S: Socket>(socket: &S, errno: Errno, wait: Wait) -> Error {
    let error = Error::c(errno, "receive").waited(socket.raw().waited_to_receive(wait));
    match (error.kind(), S::KIND.socket_type) {
        (ErrorKind::WrongState, SocketType::Req) => error.cured_by("send a request first"),
        (ErrorKind::WrongState, SocketType::Rep) => error.cured_by("reply to the last one first"),
        _ => error,
    }
}

/// Turns a timeout into `None`.
pub(crate) fn or_none<T>(received: Result<T, Error>) -> Result<Option<T>, Error> {
    match received {
        Ok(received) => Ok(Some(received)),
        Err(error) if error.is_would_block() => Ok(None),
        Err(error) => Err(error),
    }
}

fn whole<S: Socket>(socket: &S, unread: &Unread, msg: &mut Msg) -> Result<(), Error> {
    // The caller that got `ErrorKind::Multipart` and receives a single frame again skips it.
    drop(unread.take());
    if !msg.raw().more() {
        return Ok(());
    }
    let parts = Multipart::complete(std::mem::take(msg), socket.raw())
        .map_err(|errno| Error::c(errno, "receive"))?;
    unread.put(parts);
    Err(Error::new(ErrorKind::Multipart, "receive"))
}
