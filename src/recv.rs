//! Receiving.

use crate::{
    error::Error,
    msg::Msg,
    option::{HighWaterMark, opt},
    period::Period,
    socket::{Socket, set_hwm},
};

/// Sockets that receive messages of one part.
pub trait RecvMsg: Socket {
    /// Receives a message into `msg`, whose content is dropped. Waits for one no longer than the
    /// [timeout](Self::set_recv_timeout). On failure `msg` is as it was, or empty.
    ///
    /// On a thread-safe socket other threads go on sending and receiving meanwhile; each message goes to one receiver.
    ///
    /// # Errors
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock) when the timeout has passed
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown, also one that happens meanwhile
    ///
    /// # In C
    /// `zmq_msg_recv`
    fn recv(&self, msg: &mut Msg) -> Result<(), Error> {
        self.raw().recv(msg.raw()).map_err(|errno| Error::c(errno, "receive"))
    }

    /// Receives a message into `msg` if one is there.
    ///
    /// # Errors
    /// As [`recv`](Self::recv), with [`WouldBlock`](crate::ErrorKind::WouldBlock) if there is none.
    ///
    /// # In C
    /// `zmq_msg_recv` with `ZMQ_DONTWAIT`
    fn try_recv(&self, msg: &mut Msg) -> Result<(), Error> {
        self.raw().try_recv(msg.raw()).map_err(|errno| Error::c(errno, "receive"))
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

    /// How many messages from one peer may wait to be received; zero is no limit.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown.
    fn recv_hwm(&self) -> Result<i32, Error> {
        self.get(opt::RecvHwm).map(HighWaterMark::get)
    }

    /// Sets how many messages from one peer may wait to be received, while the socket is not bound or connected yet. A builder
    /// does it in time.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a negative number, and after the first `bind` or `connect`.
    fn set_recv_hwm(&self, hwm: i32) -> Result<(), Error> {
        set_hwm::<_, opt::RecvHwm>(self, hwm)
    }

    /// How long [`recv`](Self::recv) waits.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown.
    fn recv_timeout(&self) -> Result<Period, Error> {
        self.get(opt::RecvTimeout)
    }

    /// Sets how long [`recv`](Self::recv) waits, for all threads that use the socket.
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
