//! Sending.

use crate::{
    error::Error,
    msg::Msg,
    option::{HighWaterMark, opt},
    period::Period,
    raw::Errno,
    socket::{Socket, set_hwm},
};

/// Sockets that send messages of one part.
pub trait SendMsg: Socket {
    /// Puts a message into the outgoing queue. Whether it waits when it cannot, and for what, is the socket type's
    /// affair: see the mute state in its documentation. It waits no longer than the [timeout](Self::set_send_timeout).
    ///
    /// That the message is in the queue does not mean that the peer has it: libzmq sends it in the background.
    ///
    /// # Errors
    /// Each gives the message back.
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock) when the timeout has passed
    /// - [`HostUnreachable`](crate::ErrorKind::HostUnreachable) from a socket that routes, if the peer that the message names is not there
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown, also one that happens meanwhile
    ///
    /// # In C
    /// `zmq_msg_send`
    fn send<M>(&self, msg: M) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
    {
        let call = |msg: &mut Msg| if Self::KIND.routes { self.raw().send_routed(msg.raw()) } else { self.raw().send(msg.raw(), 0) };
        transfer(msg.into(), "send", call)
    }

    /// Puts a message into the outgoing queue if that is possible without waiting.
    ///
    /// # Errors
    /// As [`send`](Self::send), with [`WouldBlock`](crate::ErrorKind::WouldBlock) if it would have to wait.
    ///
    /// # In C
    /// `zmq_msg_send` with `ZMQ_DONTWAIT`
    fn try_send<M>(&self, msg: M) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
    {
        transfer(msg.into(), "send", |msg| self.raw().try_send(msg.raw(), 0))
    }

    /// How many messages may wait to be sent to one peer; zero is no limit.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown.
    fn send_hwm(&self) -> Result<i32, Error> {
        self.get(opt::SendHwm).map(HighWaterMark::get)
    }

    /// Sets how many messages may wait to be sent to one peer, while the socket is not bound or connected yet. A builder does
    /// it in time.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a negative number, and after the first `bind` or `connect`.
    fn set_send_hwm(&self, hwm: i32) -> Result<(), Error> {
        set_hwm::<_, opt::SendHwm>(self, hwm)
    }

    /// How long [`send`](Self::send) waits.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown.
    fn send_timeout(&self) -> Result<Period, Error> {
        self.get(opt::SendTimeout)
    }

    /// Sets how long [`send`](Self::send) waits, for all threads that use the socket.
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

/// Sends, and gives the message back if that fails.
#[inline]
fn transfer(mut msg: Msg, operation: &'static str, call: impl FnOnce(&mut Msg) -> Result<(), Errno>) -> Result<(), Error<Msg>> {
    match call(&mut msg) {
        Ok(()) => {
            // libzmq has taken the content and left an empty message, which owns nothing.
            std::mem::forget(msg);
            Ok(())
        }
        Err(errno) => Err(Error::c(errno, operation).giving_back(msg)),
    }
}
