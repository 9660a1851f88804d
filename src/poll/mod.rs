//! Waiting for many sockets at once, of ZeroMQ and of the system.
//!
//! See [`Poller`].

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

/// Waits until one or more of many sockets are ready: thread-safe ones, those of one thread, and
/// file descriptors, all in one poller.
///
/// Readiness is a state, not a change: what is not received is reported again by the next poll.
///
/// A poller holds what is registered with it, so that nothing closes under it: see [`Pollable`].
/// Sockets are added and removed at any time between two polls. A poller belongs to its thread; a
/// [`Waker`] is how other threads reach it.
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
/// What a socket is registered by, and what its events give back, is any type that is `Copy`:
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
/// # What it holds cannot go
/// A socket of one thread that is registered cannot be dropped before the poller,
/// ```compile_fail,E0505
/// # use libzmq::{poll::*, prelude::*};
/// let dealer = Dealer::new().unwrap();
/// let mut poller = Poller::new();
/// poller.add(&dealer, PollId(0), READABLE).unwrap();
/// drop(dealer);
/// poller.try_poll(&mut Events::new());
/// ```
/// nor be used by another thread meanwhile:
/// ```compile_fail,E0505
/// # use libzmq::{poll::*, prelude::*};
/// let dealer = Dealer::new().unwrap();
/// let mut poller = Poller::new();
/// poller.add(&dealer, PollId(0), READABLE).unwrap();
/// std::thread::spawn(move || dealer.send("from elsewhere"));
/// poller.try_poll(&mut Events::new());
/// ```
/// Nor can the poller itself go to another thread:
/// ```compile_fail,E0277
/// # use libzmq::{poll::*, prelude::*};
/// let mut poller = Poller::new();
/// std::thread::spawn(move || poller.try_poll(&mut Events::new()));
/// ```
///
/// # C API
/// `zmq_poller_new`, `zmq_poller_destroy`, drafts
#[derive(Debug)]
pub struct Poller<'a, I = PollId> {
    raw: raw::Poller<'a, Token<I>>,
    waker: Option<(Waker, Woken)>,
}

/// What the underlying poller knows a source by.
#[derive(Clone, Copy, Debug)]
enum Token<I> {
    Id(I),
    Waker,
}

impl<'a> Poller<'a> {
    /// A poller with nothing registered. For ids other than [`PollId`] there is
    /// `Poller::default()`.
    #[doc(alias = "zmq_poller_new")]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<'a, I: Copy> Poller<'a, I> {
    /// Registers a socket or file descriptor: what it is waited for, and the id that its events
    /// have.
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

    /// Changes what something registered is waited for.
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

    /// Takes back the registration, and drops what the poller held for it.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if it is not registered.
    ///
    /// # C API
    /// `zmq_poller_remove`, `zmq_poller_remove_fd`
    #[doc(alias = "zmq_poller_remove")]
    #[doc(alias = "zmq_poller_remove_fd")]
    pub fn remove<'p, P>(&mut self, pollable: P) -> Result<(), Error>
    where
        P: Into<Pollable<'p>>,
    {
        let pollable = pollable.into();
        self.raw.remove(&pollable.0).map_err(|errno| refused(errno, ABSENT, "remove from poller"))
    }

    /// Looks what is ready, without waiting. `events` then has all of it.
    ///
    /// # Errors
    /// As [`poll`](Self::poll), with [`WouldBlock`](crate::ErrorKind::WouldBlock) if nothing is
    /// ready.
    pub fn try_poll(&mut self, events: &mut Events<I>) -> Result<(), Error> {
        self.poll(events, Duration::ZERO)
    }

    /// Waits until something is ready or a [`Waker`] wakes the poller. `events` then has all that
    /// is ready. Signals do not end the wait.
    ///
    /// # Errors
    /// On each, `events` is empty.
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock) when the time has passed
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown of the context of a
    ///   registered socket, also one that happens meanwhile
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) without a limit of time, if there is
    ///   nothing to wait for
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

    /// What other threads wake this poller with. With it a thread that waits for messages can be
    /// stopped without shutting down the context.
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

/// What C says when it would wait for ever with nothing registered.
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
