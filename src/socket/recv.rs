//! Receiving.

use crate::{
    error::{Error, ErrorKind},
    message::{Msg, Multipart, Unread},
    option::{HighWaterMark, opt},
    raw::{DeferDrops, Errno, Wait},
    socket::{Socket, SocketType, Stopper, set_hwm},
    util::Period,
};

/// Sockets that receive: what there is to know of their incoming queues.
pub trait Receives: Socket {
    /// How many messages from one peer may wait to be received; zero is no limit.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown.
    fn recv_hwm(&self) -> Result<i32, Error> {
        self.get(opt::RecvHwm).map(HighWaterMark::get)
    }

    /// Sets how many messages from one peer may wait to be received, while the socket is not bound
    /// or connected yet. A builder does it in time.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a negative number, and after the first
    /// `bind` or `connect`.
    fn set_recv_hwm<H>(&self, hwm: H) -> Result<(), Error>
    where
        H: Into<HighWaterMark>,
    {
        set_hwm::<_, opt::RecvHwm>(self, hwm.into())
    }

    /// How long receiving waits.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown.
    fn recv_timeout(&self) -> Result<Period, Error> {
        self.get(opt::RecvTimeout)
    }

    /// Sets how long receiving waits, for all threads that use the socket.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for more than 24 days.
    fn set_recv_timeout<P>(&self, period: P) -> Result<(), Error>
    where
        P: Into<Period>,
    {
        self.set(opt::RecvTimeout, period)
    }

    /// Has every call that would wait for a message end with
    /// [`Stopped`](crate::ErrorKind::Stopped): those under way on other threads, and later ones.
    /// Sending goes on as before, so the last replies can be sent.
    ///
    /// What is queued stays there, for calls that do not wait: `try_recv` and its like receive it,
    /// and end with `Stopped` when there is no more. A [poll](crate::poll) finds the socket
    /// readable, and a future that receives ends too. There is no way back.
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
    /// A single-threaded socket is stopped from other threads with a [`Stopper`]. A socket that only
    /// sends has nothing to stop:
    ///
    /// ```compile_fail,E0599
    /// use libzmq::prelude::*;
    ///
    /// Push::new().unwrap().stop_receiving().unwrap();
    /// ```
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) with another libzmq than the one that this
    /// crate compiles.
    fn stop_receiving(&self) -> Result<(), Error> {
        self.stopper().map(|stopper| stopper.stop())
    }

    /// A handle with which any thread can have the socket [stop
    /// receiving](Self::stop_receiving).
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) with another libzmq than the one that this
    /// crate compiles.
    fn stopper(&self) -> Result<Stopper, Error> {
        Stopper::of(self.raw())
    }
}

/// Sockets that receive messages of one part.
pub trait RecvMsg: Receives {
    /// Receives a message into `msg`, whose content is dropped. Waits for one no longer than the
    /// [timeout](Receives::set_recv_timeout). On failure `msg` is as it was, or empty.
    ///
    /// On a thread-safe socket other threads go on sending and receiving meanwhile; each message
    /// goes to one receiver.
    ///
    /// # Errors
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock) when the timeout has passed
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown, also one that happens
    ///   meanwhile
    /// - [`Stopped`](crate::ErrorKind::Stopped) after [`stop_receiving`](Receives::stop_receiving),
    ///   also one that happens meanwhile
    /// - [`Multipart`](crate::ErrorKind::Multipart) if the message has several parts, on a socket
    ///   that also receives such: then the next [`recv_multipart`](RecvMultipart::recv_multipart)
    ///   gets it whole, and another `recv` the message after it. A thread-safe socket never sees
    ///   such messages: libzmq discards them
    ///
    /// # In C
    /// `zmq_msg_recv`
    #[doc(alias = "zmq_msg_recv")]
    fn recv(&self, msg: &mut Msg) -> Result<(), Error> {
        receive(self, msg, Wait::AsSet)
    }

    /// Receives a message into `msg` if one is there.
    ///
    /// # Errors
    /// As [`recv`](Self::recv), with [`WouldBlock`](crate::ErrorKind::WouldBlock) if there is none.
    ///
    /// # In C
    /// `zmq_msg_recv` with `ZMQ_DONTWAIT`
    fn try_recv(&self, msg: &mut Msg) -> Result<(), Error> {
        receive(self, msg, Wait::No)
    }

    /// Receives a message: [`recv`](Self::recv) into a new one.
    ///
    /// # Errors
    /// As `recv`.
    fn recv_msg(&self) -> Result<Msg, Error> {
        let mut msg = Msg::new();
        self.recv(&mut msg)?;
        Ok(msg)
    }

    /// Receives a message into a buffer, and returns the size of the message. If that is more than
    /// the buffer holds, the rest of the message is discarded.
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
    /// As [`recv`](Self::recv).
    ///
    /// # In C
    /// `zmq_recv`
    #[doc(alias = "zmq_recv")]
    fn recv_into(&self, buffer: &mut [u8]) -> Result<usize, Error> {
        let msg = self.recv_msg()?;
        let fits = buffer.len().min(msg.len());
        buffer[..fits].copy_from_slice(&msg[..fits]);
        Ok(msg.len())
    }

    /// Receives a message, and gives its bytes.
    ///
    /// # Errors
    /// As [`recv`](Self::recv).
    fn recv_bytes(&self) -> Result<Vec<u8>, Error> {
        self.recv_msg().map(Vec::from)
    }

    /// Receives a message, and gives its text.
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
    /// As [`recv`](Self::recv), and [`InvalidInput`](crate::ErrorKind::InvalidInput) if the message
    /// is not UTF-8: that error has the message.
    fn recv_string(&self) -> Result<String, Error<Msg>> {
        let msg = self.recv_msg().map_err(Error::cast_into)?;
        match msg.to_str() {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(Error::invalid("the message is not UTF-8", "receive").giving_back(msg)),
        }
    }

    /// Receives a message, waiting no longer than that, whatever the socket's timeout is; `None` if
    /// there was none in that time.
    ///
    /// The limit is for this call alone: the socket's timeout stays as it is, for other threads
    /// too.
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
    /// As [`recv`](Self::recv), but for the timeout.
    fn recv_msg_timeout<P>(&self, limit: P) -> Result<Option<Msg>, Error>
    where
        P: Into<Period>,
    {
        let mut msg = Msg::new();
        or_none(receive(self, &mut msg, limit.into().wait()).map(|()| msg))
    }

    /// Receives a message if one is there: [`try_recv`](Self::try_recv) into a new one.
    ///
    /// # Errors
    /// As `try_recv`.
    fn try_recv_msg(&self) -> Result<Msg, Error> {
        let mut msg = Msg::new();
        self.try_recv(&mut msg)?;
        Ok(msg)
    }
}

/// Sockets that receive messages of several parts.
pub trait RecvMultipart: Receives {
    /// Receives a message with all its parts. Waits for one no longer than the socket's timeout.
    ///
    /// # Errors
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock) when the timeout has passed
    /// - [`WrongState`](crate::ErrorKind::WrongState) if it is not the socket's turn to receive
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown, also one that happens
    ///   meanwhile
    /// - [`Stopped`](crate::ErrorKind::Stopped) after [`stop_receiving`](Receives::stop_receiving),
    ///   also one that happens meanwhile
    ///
    /// # In C
    /// `zmq_msg_recv`, `ZMQ_RCVMORE`
    #[doc(alias = "get_rcvmore")]
    fn recv_multipart(&self) -> Result<Multipart, Error> {
        receive_parts(self, Wait::AsSet)
    }

    /// Receives a message with all its parts, waiting no longer than that, whatever the socket's
    /// timeout is; `None` if there was none in that time.
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
    /// As [`recv_multipart`](Self::recv_multipart), but for the timeout.
    fn recv_multipart_timeout<P>(&self, limit: P) -> Result<Option<Multipart>, Error>
    where
        P: Into<Period>,
    {
        or_none(receive_parts(self, limit.into().wait()))
    }

    /// Receives a message with all its parts if one is there.
    ///
    /// # Errors
    /// As [`recv_multipart`](Self::recv_multipart), with
    /// [`WouldBlock`](crate::ErrorKind::WouldBlock) if there is none.
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

/// Receives the first part of a message, which may be all of it. As long as the answer is kept, no
/// owner is dropped: its drop might receive the other parts.
#[inline]
fn receive_first<S: Socket>(socket: &S, msg: &mut Msg, wait: Wait) -> Result<DeferDrops, Error> {
    let raw = socket.raw();
    let mut deferred = DeferDrops::new();
    let mut received = raw.attempt_to_receive(msg.raw(), wait);
    if wait != Wait::No && received == Err(Errno::AGAIN) {
        // The owner of what the message held does not wait for this.
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

/// Receives one part. If there are more, the message is put aside whole and that is said.
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

/// Takes the end of the time for an answer, where it is one that the caller expects.
pub(crate) fn or_none<T>(received: Result<T, Error>) -> Result<Option<T>, Error> {
    match received {
        Ok(received) => Ok(Some(received)),
        Err(error) if error.is_would_block() => Ok(None),
        Err(error) => Err(error),
    }
}

fn whole<S: Socket>(socket: &S, unread: &Unread, msg: &mut Msg) -> Result<(), Error> {
    // Whoever was told of a message of several parts and asks for one part again does not want it.
    drop(unread.take());
    if !msg.raw().more() {
        return Ok(());
    }
    let parts = Multipart::complete(std::mem::take(msg), socket.raw())
        .map_err(|errno| Error::c(errno, "receive"))?;
    unread.put(parts);
    Err(Error::new(ErrorKind::Multipart, "receive"))
}
