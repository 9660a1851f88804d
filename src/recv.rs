//! Receiving.

use crate::{
    error::{Error, ErrorKind},
    msg::Msg,
    multipart::{Multipart, Unread},
    option::{HighWaterMark, opt},
    period::Period,
    raw::{DeferDrops, Errno},
    socket::{Socket, set_hwm},
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
    fn set_recv_hwm(&self, hwm: i32) -> Result<(), Error> {
        set_hwm::<_, opt::RecvHwm>(self, hwm)
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
    /// - [`Multipart`](crate::ErrorKind::Multipart) if the message has several parts, on a socket
    ///   that also receives such: then the next [`recv_multipart`](RecvMultipart::recv_multipart)
    ///   gets it whole, and another `recv` the message after it. A thread-safe socket never sees
    ///   such messages: libzmq discards them
    ///
    /// # In C
    /// `zmq_msg_recv`
    fn recv(&self, msg: &mut Msg) -> Result<(), Error> {
        receive(self, msg, true)
    }

    /// Receives a message into `msg` if one is there.
    ///
    /// # Errors
    /// As [`recv`](Self::recv), with [`WouldBlock`](crate::ErrorKind::WouldBlock) if there is none.
    ///
    /// # In C
    /// `zmq_msg_recv` with `ZMQ_DONTWAIT`
    fn try_recv(&self, msg: &mut Msg) -> Result<(), Error> {
        receive(self, msg, false)
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
    ///
    /// # In C
    /// `zmq_msg_recv`, `ZMQ_RCVMORE`
    fn recv_multipart(&self) -> Result<Multipart, Error> {
        receive_parts(self, true)
    }

    /// Receives a message with all its parts if one is there.
    ///
    /// # Errors
    /// As [`recv_multipart`](Self::recv_multipart), with
    /// [`WouldBlock`](crate::ErrorKind::WouldBlock) if there is none.
    fn try_recv_multipart(&self) -> Result<Multipart, Error> {
        receive_parts(self, false)
    }
}

pub(crate) fn receive_parts<S: Socket>(socket: &S, wait: bool) -> Result<Multipart, Error> {
    if let Some(parts) = socket.unread().and_then(Unread::take) {
        return Ok(parts);
    }
    let mut first = Msg::new();
    let _deferred = receive_first(socket, &mut first, wait)?;
    Multipart::complete(first, socket.raw()).map_err(|errno| Error::c(errno, "receive"))
}

/// Receives one part. If there are more, the message is put aside whole and that is said.
#[inline]
fn receive<S: Socket>(socket: &S, msg: &mut Msg, wait: bool) -> Result<(), Error> {
    let _deferred = receive_first(socket, msg, wait)?;
    match socket.unread() {
        Some(unread) => whole(socket, unread, msg),
        None => Ok(()),
    }
}

/// Receives the first part of a message. As long as the answer is kept, no owner is dropped: its
/// drop might receive the other parts.
#[inline]
fn receive_first<S: Socket>(socket: &S, msg: &mut Msg, wait: bool) -> Result<DeferDrops, Error> {
    let raw = socket.raw();
    let mut deferred = DeferDrops::new();
    let mut received = raw.try_recv(msg.raw());
    if wait && received == Err(Errno::AGAIN) {
        // The owner of what the message held does not wait for this.
        drop(deferred);
        deferred = DeferDrops::new();
        received = raw.wait_to_recv(msg.raw());
    }
    received.map(|()| deferred).map_err(|errno| Error::c(errno, "receive"))
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
