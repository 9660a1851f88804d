//! Calls with a limit, which replaces the socket's timeout.

use std::{sync::atomic::Ordering, time::Duration};

use libc::c_int;
use libzmq_sys as sys;

use super::{
    DeferDrops, Errno, Message, Socket,
    wait::{Deadline, Watch},
};

/// How long a call blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Does not block.
    No,
    /// For the socket's timeout.
    AsSet,
    /// For this duration; `None` is infinite.
    Within(Option<Duration>),
}

impl Wait {
    /// Returns how long the call blocks at most; `None` is infinite.
    fn limit(self, milliseconds: c_int) -> Option<Duration> {
        match self {
            Self::No => Some(Duration::ZERO),
            Self::AsSet => u64::try_from(milliseconds).ok().map(Duration::from_millis),
            Self::Within(limit) => limit,
        }
    }

    /// Returns the period that has passed when the call returns "would block".
    fn period(self, milliseconds: c_int) -> Option<Duration> {
        self.limit(milliseconds).filter(|period| !period.is_zero())
    }

    /// Returns the time that is left until the deadline.
    pub(super) fn until(deadline: Deadline) -> Self {
        match deadline.left() {
            None => Self::No,
            // A negative number is infinite.
            Some(left) => Self::Within(u64::try_from(left).ok().map(Duration::from_millis)),
        }
    }
}

const DO_NOT_WAIT: c_int = sys::ZMQ_DONTWAIT as c_int;

fn deadline(limit: Option<Duration>) -> Deadline {
    limit.map_or_else(Deadline::never, Deadline::within)
}

impl Socket {
    /// Receives a queued message in one attempt that does not block, and that a signal may
    /// interrupt. A call that may block later fails at once if the socket was stopped, even if a
    /// message is queued.
    #[inline]
    pub(crate) fn begin_to_receive(
        &self,
        deferred: &DeferDrops,
        message: &mut Message,
        wait: Wait,
    ) -> Result<(), Errno> {
        if wait != Wait::No {
            self.stop().check()?;
        }
        self.recv_at_once(deferred, message)
    }

    /// Receives after an attempt that failed with that error, and blocks as long as `wait` says.
    /// After an error the message is as it was, or empty.
    pub(crate) fn go_on_to_receive(
        &self,
        deferred: &DeferDrops,
        message: &mut Message,
        wait: Wait,
        errno: Errno,
    ) -> Result<(), Errno> {
        let received = match errno {
            Errno::INTERRUPTED => self.try_recv_within(deferred, message),
            Errno::AGAIN => self.stop().check().and(Err(Errno::AGAIN)),
            errno => Err(errno),
        };
        match (received, wait) {
            (Err(Errno::AGAIN), Wait::AsSet | Wait::Within(_)) if !self.spin().is_zero() => {
                self.spin_to_recv(deferred, message, wait)
            }
            (Err(Errno::AGAIN), Wait::AsSet) => self.wait_to_recv(message),
            (Err(Errno::AGAIN), Wait::Within(limit)) => self.recv_within(message, deadline(limit)),
            (received, _) => received,
        }
    }

    /// Blocks and sends, after an attempt that would block.
    pub(super) fn wait_to_transmit(
        &self,
        message: &mut Message,
        flags: c_int,
        wait: Wait,
    ) -> Result<(), Errno> {
        match wait {
            Wait::No => Err(Errno::AGAIN),
            Wait::AsSet => self.wait_to_send(message, flags, self.send_timeout()),
            Wait::Within(limit) => self.send_within(message, flags, deadline(limit)),
        }
    }

    /// Returns the deadline of a call that sends.
    pub(super) fn deadline_to_send(&self, wait: Wait) -> Deadline {
        match wait {
            Wait::No => Deadline::within(Duration::ZERO),
            Wait::AsSet => Deadline::after(self.send_timeout()),
            Wait::Within(limit) => deadline(limit),
        }
    }

    /// Returns how long a receive blocks at most; `None` is infinite.
    pub(super) fn waits_to_receive(&self, wait: Wait) -> Option<Duration> {
        wait.limit(self.recv_timeout.load(Ordering::Relaxed))
    }

    /// Returns how long a receive that returned "would block" has blocked.
    pub(crate) fn waited_to_receive(&self, wait: Wait) -> Option<Duration> {
        wait.period(self.recv_timeout.load(Ordering::Relaxed))
    }

    /// Returns how long a send that returned "would block" has blocked.
    pub(crate) fn waited_to_send(&self, wait: Wait) -> Option<Duration> {
        wait.period(self.send_timeout())
    }

    #[cold]
    pub(super) fn recv_within(
        &self,
        message: &mut Message,
        deadline: Deadline,
    ) -> Result<(), Errno> {
        self.limited(deadline, sys::ZMQ_RCVTIMEO, |flags| match flags {
            0 => self.recv_once(message, 0),
            _ => self.try_recv(message),
        })
    }

    /// Sends a message. On success the message is empty; after an error it is as it was.
    #[inline]
    pub(crate) fn transmit(&self, message: &mut Message, wait: Wait) -> Result<(), Errno> {
        match self.send_once(message, DO_NOT_WAIT) {
            Ok(()) => Ok(()),
            Err(errno) => self.go_on_to_transmit(message, wait, errno),
        }
    }

    /// Sends after an attempt that failed with that error.
    #[cold]
    fn go_on_to_transmit(
        &self,
        message: &mut Message,
        wait: Wait,
        errno: Errno,
    ) -> Result<(), Errno> {
        match (errno, wait) {
            (Errno::AGAIN | Errno::INTERRUPTED, Wait::No) => self.send_again(message, 0),
            (Errno::AGAIN | Errno::INTERRUPTED, _) => self.wait_to_transmit(message, 0, wait),
            (errno, _) => Err(errno),
        }
    }

    /// Sends a message to the peer with its routing id.
    #[inline]
    pub(crate) fn transmit_routed(&self, message: &mut Message, wait: Wait) -> Result<(), Errno> {
        match self.send_once(message, DO_NOT_WAIT) {
            Ok(()) => Ok(()),
            Err(errno) => self.go_on_to_transmit_routed(message, wait, errno),
        }
    }

    #[cold]
    fn go_on_to_transmit_routed(
        &self,
        message: &mut Message,
        wait: Wait,
        errno: Errno,
    ) -> Result<(), Errno> {
        match (errno, wait) {
            (Errno::AGAIN | Errno::INTERRUPTED, Wait::AsSet) => self.wait_to_route(message),
            (errno, wait) => self.go_on_to_transmit(message, wait, errno),
        }
    }

    #[cold]
    fn send_within(
        &self,
        message: &mut Message,
        flags: c_int,
        deadline: Deadline,
    ) -> Result<(), Errno> {
        self.limited(deadline, sys::ZMQ_SNDTIMEO, |wait| match wait {
            0 => self.send_once(message, flags),
            _ => self.try_send(message, flags),
        })
    }

    /// Repeats a call until it completes or the deadline has passed. The argument of the call is
    /// `ZMQ_DONTWAIT`, or 0 to block for the timeout `option`.
    pub(super) fn limited(
        &self,
        deadline: Deadline,
        option: u32,
        mut call: impl FnMut(c_int) -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        match call(DO_NOT_WAIT) {
            Err(Errno::AGAIN | Errno::INTERRUPTED) if deadline.left().is_some() => (),
            done => return done,
        }
        if self.is_thread_safe() {
            // Other threads use the socket's timeout, so do not change it: wait for a change of the
            // socket's readiness. SAFETY: an open thread-safe socket, which `self` keeps open.
            let mut watch = unsafe { Watch::new(self.pointer()?) }?;
            loop {
                match call(DO_NOT_WAIT) {
                    Err(Errno::AGAIN | Errno::INTERRUPTED) => watch.wait(deadline)?,
                    done => return done,
                }
            }
        }
        // No other thread uses the socket, so its timeout can be changed for this call.
        let before = self.get_int(option)?;
        let done = loop {
            let Some(left) = deadline.left() else { break Err(Errno::AGAIN) };
            self.set_int(option, c_int::try_from(left).unwrap_or(c_int::MAX))?;
            match call(0) {
                Err(Errno::INTERRUPTED) => (),
                done => break done,
            }
        };
        // It fails only after the context was shut down, when the timeout does not matter.
        let _ = self.set_int(option, before);
        done
    }
}
