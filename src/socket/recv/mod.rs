//! The traits of sockets that receive.

mod frames;

#[cfg(any(feature = "tokio", feature = "async-io"))]
pub(super) use frames::keep;
pub(crate) use frames::{or_none, receive_parts};

use std::time::Duration;

use crate::{
    error::Error,
    message::{Msg, Multipart},
    option::{HighWaterMark, opt},
    raw::Wait,
    socket::{Socket, Stopper, set_hwm},
    util::Period,
};
use frames::{receive, receive_many};

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

    /// Returns how long a call that receives tries again before it blocks.
    fn spin(&self) -> Duration {
        self.raw().spin()
    }

    /// Sets how long a call that receives tries again before it blocks, for all threads that use
    /// the socket. The default is zero: it blocks at once.
    ///
    /// A thread that blocks has to be woken, which takes as long as the rest of a short round trip.
    /// A thread that spins finds the message itself. Spin for somewhat longer than the message
    /// usually takes: 20 to 200 microseconds on one machine or in one data centre.
    ///
    /// - It takes the time of a processor: a whole one while the thread spins. A socket that
    ///   receives seldom spins in vain, once for each call that blocks.
    /// - It helps if there is a processor for each thread that spins, and for each I/O thread. The
    ///   thread yields after each attempt, so that fewer processors cost time only.
    /// - It does not change what the call returns. The timeout includes the spin, and
    ///   [`stop_receiving`](Self::stop_receiving) and the shutdown of the context end it.
    /// - Other threads send and receive on a thread-safe socket between two attempts.
    /// - Calls that do not block, pollers, and calls that send do not spin.
    /// - With `Async` the task yields to the runtime after each attempt. It does
    ///   not spin if the socket has an inproc endpoint, where it would gain nothing.
    ///
    /// ```
    /// use libzmq::prelude::*;
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = ServerBuilder::new()
    ///     .bind("tcp://127.0.0.1:*")
    ///     .spin(Duration::from_micros(50))
    ///     .build()?;
    /// assert_eq!(server.spin(), Duration::from_micros(50));
    ///
    /// server.set_spin(Duration::ZERO);
    /// #     Ok(())
    /// # }
    /// ```
    #[doc(alias = "busy_poll")]
    fn set_spin(&self, period: Duration) {
        self.raw().set_spin(period);
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
/// | [`recv_many`](Self::recv_many) | one or more queued messages | the socket's timeout |
/// | [`try_recv_many`](Self::try_recv_many) | one or more queued messages | does not block |
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

    /// Receives queued messages, at least one and at most `limit`, appends them to `msgs`, and
    /// returns how many.
    ///
    /// Blocks like [`recv`](Self::recv) while the queue is empty, and does not wait for a second
    /// message. One call takes the lock of a thread-safe socket once for 32 messages.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let gather = GatherBuilder::new().bind("inproc://recv-many").build()?;
    /// let scatter = ScatterBuilder::new().connect("inproc://recv-many").build()?;
    /// scatter.send_many(["one", "two", "three"])?;
    ///
    /// let mut msgs = Vec::new();
    /// while msgs.len() < 3 {
    ///     gather.recv_many(&mut msgs, 100)?;
    /// }
    /// assert_eq!(msgs, ["one", "two", "three"]);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of `recv`, if no message was received; `msgs` is unchanged. The next call returns an
    /// error that follows a message: a multipart message ends the call, and the next one returns
    /// [`Multipart`](crate::ErrorKind::Multipart).
    ///
    /// # C API
    /// `zmq_msg_recv`, repeated
    #[doc(alias = "zmq_msg_recv_many")]
    fn recv_many(&self, msgs: &mut Vec<Msg>, limit: usize) -> Result<usize, Error> {
        receive_many(self, msgs, limit, Wait::AsSet)
    }

    /// Receives queued messages without blocking: [`recv_many`](Self::recv_many) that fails if the
    /// queue is empty.
    ///
    /// # Errors
    /// Those of `recv_many`, and [`WouldBlock`](crate::ErrorKind::WouldBlock) if there is none.
    fn try_recv_many(&self, msgs: &mut Vec<Msg>, limit: usize) -> Result<usize, Error> {
        receive_many(self, msgs, limit, Wait::No)
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
