//! Waiting for many sockets and file descriptors at once.
//!
//! | To wait for | Use |
//! |:---|:---|
//! | one socket | its methods that block, or [`Socket::poll`](crate::prelude::Socket::poll) |
//! | several sockets and file descriptors, on one thread | [`Poller`] |
//! | sockets, in an async runtime | [`Async`](crate#async) |
//!
//! # Timeouts
//! `Socket::poll` returns [`EMPTY`] when its timeout has passed, since the returned [`Trigger`] can
//! say that the socket is not ready. [`Poller::poll`] returns
//! [`WouldBlock`](crate::ErrorKind::WouldBlock), as it did in 0.2; a poll that a [`Waker`] has
//! ended may return `Ok` with no events.

mod event;
mod pollable;
mod waker;

pub use event::{EMPTY, Event, Events, IntoIter, Iter, PollId, READABLE, Trigger, WRITABLE};
pub use pollable::Pollable;
pub use waker::Waker;

use std::time::Duration;

use crate::{
    error::Error,
    raw::{self, Errno},
    util::Period,
};
use waker::Woken;

/// Waits until one or more sockets or file descriptors are ready.
///
/// One poller can have thread-safe sockets, single-threaded sockets and file descriptors.
///
/// Polling is level-triggered: a socket with a queued message is reported by every poll until the
/// message is received.
///
/// The poller keeps everything open that is registered: see [`Pollable`]. Sockets can be added and
/// removed between two polls.
///
/// # Thread safety
/// A poller stays on its thread. A [`Waker`] wakes it from other threads.
///
/// ```
/// use libzmq::{poll::*, prelude::*};
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build()?;
/// let client = ClientBuilder::new().connect(server.last_endpoint()?).build()?;
///
/// let mut poller = Poller::new();
/// poller.add(&server, PollId(0), READABLE)?;
/// poller.add(&client, PollId(1), READABLE)?;
///
/// client.send("ping")?;
///
/// let mut events = Events::new();
/// for _ in 0..100 {
///     poller.poll(&mut events, Infinite)?;
///     for event in &events {
///         match event.id() {
///             PollId(0) => server.send(server.recv_msg()?)?,
///             PollId(1) => client.send(client.recv_msg()?)?,
///             _ => unreachable!(),
///         }
///     }
/// }
/// #     Ok(())
/// # }
/// ```
///
/// # Ids of another type
/// The id can be of any type that is `Copy`:
/// ```
/// use libzmq::{poll::*, prelude::*};
///
/// #[derive(Clone, Copy)]
/// enum Side {
///     Front,
///     Back,
/// }
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let front = PullBuilder::new().bind("inproc://front").build()?;
/// let back = PullBuilder::new().bind("inproc://back").build()?;
/// let mut poller = Poller::default();
/// poller.add(&front, Side::Front, READABLE)?;
/// poller.add(&back, Side::Back, READABLE)?;
///
/// PushBuilder::new().connect("inproc://back").build()?.send("to the back")?;
///
/// let mut events = Events::default();
/// poller.poll(&mut events, Infinite)?;
/// for event in &events {
///     match event.id() {
///         Side::Front => unreachable!(),
///         Side::Back => assert_eq!(back.recv_msg()?, "to the back"),
///     }
/// }
/// #     Ok(())
/// # }
/// ```
///
/// # Borrowing
/// A registered single-threaded socket cannot be dropped before the poller:
/// ```compile_fail,E0505
/// # use libzmq::{poll::*, prelude::*};
/// let dealer = Dealer::new().unwrap();
/// let mut poller = Poller::new();
/// poller.add(&dealer, PollId(0), READABLE).unwrap();
/// drop(dealer);
/// poller.try_poll(&mut Events::new());
/// ```
/// It cannot move to another thread before:
/// ```compile_fail,E0505
/// # use libzmq::{poll::*, prelude::*};
/// let dealer = Dealer::new().unwrap();
/// let mut poller = Poller::new();
/// poller.add(&dealer, PollId(0), READABLE).unwrap();
/// std::thread::spawn(move || dealer.send("from elsewhere"));
/// poller.try_poll(&mut Events::new());
/// ```
/// The poller cannot move to another thread:
/// ```compile_fail,E0277
/// # use libzmq::{poll::*, prelude::*};
/// let mut poller = Poller::new();
/// std::thread::spawn(move || poller.try_poll(&mut Events::new()));
/// ```
///
/// # C API
/// `zmq_poller_new`, `zmq_poller_destroy` (draft)
#[derive(Debug)]
#[doc(alias = "zpoller")]
pub struct Poller<'a, I = PollId> {
    raw: raw::Poller<'a, Token<I>>,
    waker: Option<(Waker, Woken)>,
}

/// The id of a source in the underlying poller.
#[derive(Clone, Copy, Debug)]
enum Token<I> {
    Id(I),
    Waker,
}

impl<'a> Poller<'a> {
    /// Creates an empty poller. For ids of another type than [`PollId`], use `Poller::default()`.
    #[doc(alias = "zmq_poller_new")]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<'a, I: Copy> Poller<'a, I> {
    /// Registers a socket or file descriptor, with the id of its events and the readiness to wait
    /// for.
    ///
    /// ```
    /// use libzmq::{poll::*, *};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = Server::new()?;
    /// let mut poller = Poller::new();
    /// poller.add(&server, PollId(0), READABLE)?;
    ///
    /// let error = poller.add(&server, PollId(1), READABLE).unwrap_err();
    /// assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)));
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if it is registered already.
    ///
    /// # C API
    /// `zmq_poller_add`, `zmq_poller_add_fd`
    #[doc(alias = "zmq_poller_add")]
    #[doc(alias = "zmq_poller_add_fd")]
    #[doc(alias = "register")]
    pub fn add<P>(&mut self, pollable: P, id: I, trigger: Trigger) -> Result<(), Error>
    where
        P: Into<Pollable<'a>>,
    {
        self.register(pollable.into(), Token::Id(id), trigger)
    }

    fn register(
        &mut self,
        pollable: Pollable<'a>,
        token: Token<I>,
        trigger: Trigger,
    ) -> Result<(), Error> {
        self.raw
            .add(pollable.0, token, trigger.bits())
            .map_err(|errno| refused(errno, "it is registered already", "add to poller"))
    }

    /// Changes the readiness to wait for.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if it is not registered.
    ///
    /// # C API
    /// `zmq_poller_modify`, `zmq_poller_modify_fd`
    #[doc(alias = "zmq_poller_modify")]
    #[doc(alias = "zmq_poller_modify_fd")]
    pub fn modify<'p, P>(&mut self, pollable: P, trigger: Trigger) -> Result<(), Error>
    where
        P: Into<Pollable<'p>>,
    {
        let pollable = pollable.into();
        self.raw
            .modify(&pollable.0, trigger.bits())
            .map_err(|errno| refused(errno, ABSENT, "modify in poller"))
    }

    /// Removes a socket or file descriptor, and drops the poller's handle of it.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if it is not registered.
    ///
    /// # C API
    /// `zmq_poller_remove`, `zmq_poller_remove_fd`
    #[doc(alias = "zmq_poller_remove")]
    #[doc(alias = "zmq_poller_remove_fd")]
    #[doc(alias = "unregister")]
    pub fn remove<'p, P>(&mut self, pollable: P) -> Result<(), Error>
    where
        P: Into<Pollable<'p>>,
    {
        let pollable = pollable.into();
        self.raw.remove(&pollable.0).map_err(|errno| refused(errno, ABSENT, "remove from poller"))
    }

    /// Stores everything that is ready into `events`, without blocking.
    ///
    /// # Errors
    /// Those of [`poll`](Self::poll), with [`WouldBlock`](crate::ErrorKind::WouldBlock) if nothing
    /// is ready.
    pub fn try_poll(&mut self, events: &mut Events<I>) -> Result<(), Error> {
        self.poll(events, Duration::ZERO)
    }

    /// Blocks until something is ready, a [`Waker`] wakes the poller, or the timeout has passed,
    /// and stores everything that is ready into `events`.
    ///
    /// Signals do not end the wait. A poll that only a waker has ended returns `Ok` with no events,
    /// so a timeout is an error here, unlike in [`Socket::poll`](crate::prelude::Socket::poll).
    ///
    /// # Errors
    /// After an error `events` is empty.
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock) when the timeout has passed
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context of a registered socket was
    ///   shut down, also during the call
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) with an infinite timeout, if nothing is
    ///   registered
    ///
    /// # C API
    /// `zmq_poller_wait_all`
    #[doc(alias = "zmq_poll")]
    #[doc(alias = "zmq_ppoll")]
    #[doc(alias = "zmq_poller_wait_all")]
    pub fn poll<P>(&mut self, events: &mut Events<I>, timeout: P) -> Result<(), Error>
    where
        P: Into<Period>,
    {
        events.clear();
        let timeout: Option<Duration> = timeout.into().into();
        let ready = self.raw.wait(timeout).map_err(|errno| match errno {
            NOTHING => Error::invalid("there is nothing to wait for", "poll"),
            _ => Error::c(errno, "poll").waited(timeout.filter(|timeout| !timeout.is_zero())),
        })?;
        for (token, causes) in ready {
            match token {
                Token::Id(id) => events.list.push(Event::new(id, causes)),
                Token::Waker => events.woken = true,
            }
        }
        if let (true, Some((_, woken))) = (events.woken, &self.waker) {
            woken.reset();
        }
        Ok(())
    }

    /// Returns a handle with which other threads wake this poller. It can stop a thread that waits
    /// for messages, without shutting down the context.
    ///
    /// ```
    /// use libzmq::{poll::*, prelude::*};
    /// use std::{sync::mpsc, thread};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build()?;
    /// let (send, wakers) = mpsc::channel();
    ///
    /// let receiver = thread::spawn(move || -> Result<(), libzmq::Error> {
    ///     let mut poller = Poller::new();
    ///     poller.add(&server, PollId(0), READABLE)?;
    ///     send.send(poller.waker()?).unwrap();
    ///
    ///     let mut events = Events::new();
    ///     loop {
    ///         poller.poll(&mut events, Infinite)?;
    ///         if events.is_woken() {
    ///             return Ok(());
    ///         }
    ///         server.recv_msg()?;
    ///     }
    /// });
    ///
    /// wakers.recv()?.wake();
    /// receiver.join().unwrap()?;
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SocketLimit`](crate::ErrorKind::SocketLimit) if the process has no file descriptor left.
    pub fn waker(&mut self) -> Result<Waker, Error> {
        if let Some((waker, _)) = &self.waker {
            return Ok(waker.clone());
        }
        let (waker, woken) = waker::pair()
            .map_err(|error| Error::c(Errno::of_system(&error), "make waker").caused_by(error))?;
        self.register(Pollable::from(&woken), Token::Waker, READABLE)?;
        self.waker = Some((waker.clone(), woken));
        Ok(waker)
    }
}

/// The error of libzmq for an infinite wait with nothing registered.
const NOTHING: Errno = Errno(libc::EFAULT);

const ABSENT: &str = "it is not registered";

fn refused(errno: Errno, why: &'static str, operation: &'static str) -> Error {
    if errno == Errno::INVALID {
        Error::invalid(why, operation)
    } else {
        Error::c(errno, operation)
    }
}

impl<I: Copy> Default for Poller<'_, I> {
    fn default() -> Self {
        Self { raw: raw::Poller::new(), waker: None }
    }
}
