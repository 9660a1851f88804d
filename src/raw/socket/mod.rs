mod attach;

use std::{
    ffi::CStr,
    ops::Deref,
    ptr::{self, NonNull},
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicBool, AtomicI32, Ordering},
    },
};

use libc::{c_int, c_void};
use libzmq_sys as sys;

use super::{
    Context, Errno, GroupSlice, Message,
    newcomer::Newcomer,
    options::{self, Size},
    os::fork::Process,
    owners::{DeferDrops, blocking_call, call},
    stop::Stop,
    wait::{Deadline, Watch},
};

/// Owns a `zmq_socket` pointer, and keeps the socket's context alive.
///
/// Neither `Send` nor `Sync` in itself: see [`Shared`] and [`Exclusive`].
#[derive(Debug)]
pub struct Socket {
    pointer: NonNull<c_void>,
    process: Process,
    /// What C keeps for `ZMQ_RCVTIMEO` and `ZMQ_SNDTIMEO`, so that a blocking call need not ask.
    pub(super) recv_timeout: AtomicI32,
    pub(super) send_timeout: AtomicI32,
    /// What C keeps for `ZMQ_LINGER`, which it does not tell after a shutdown.
    linger: AtomicI32,
    /// What C keeps for `ZMQ_XPUB_NODROP`, which it does not tell.
    no_drop: AtomicBool,
    /// Whether the socket sends datagrams, which have a size that must not be exceeded.
    datagrams: AtomicBool,
    /// How many calls have bound or connected the socket, or are about to. The lock makes "none,
    /// therefore set" one step.
    attached: Mutex<usize>,
    /// Held by calls that change the last endpoint.
    attaching: Mutex<()>,
    /// Written where the option for IPv6 is not what the user set.
    family: RwLock<()>,
    thread_safe: bool,
    pub(super) newcomer: Newcomer,
    stop: Arc<Stop>,
    // Dropped after `drop` has closed the socket: the order that C asks for.
    seat: Seat,
}

/// A socket's place in its context: keeps the context alive and counts the socket as open.
#[derive(Debug)]
struct Seat {
    context: Arc<Context>,
    kind: c_int,
    counted: AtomicBool,
}

impl Seat {
    fn take(context: Arc<Context>, kind: c_int) -> Result<Self, Errno> {
        context.enter(kind)?;
        Ok(Self { context, kind, counted: AtomicBool::new(true) })
    }

    fn uncount(&self) {
        if self.counted.swap(false, Ordering::Relaxed) {
            self.context.leave(self.kind);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.uncount();
    }
}

impl Socket {
    fn new(context: Arc<Context>, kind: c_int) -> Result<Self, Errno> {
        let seat = Seat::take(context, kind)?;
        let ctx = seat.context.pointer()?;
        // SAFETY: a context that `seat` keeps from being terminated; NULL means failure.
        let pointer =
            NonNull::new(unsafe { sys::zmq_socket(ctx, kind) }).ok_or_else(Errno::last)?;
        let mut socket = Self {
            pointer,
            process: Process::current(),
            recv_timeout: AtomicI32::new(-1),
            send_timeout: AtomicI32::new(-1),
            linger: AtomicI32::new(-1),
            no_drop: AtomicBool::new(false),
            datagrams: AtomicBool::new(false),
            attached: Mutex::new(0),
            attaching: Mutex::new(()),
            family: RwLock::new(()),
            thread_safe: false,
            newcomer: Newcomer::default(),
            stop: Stop::new(pointer),
            seat,
        };
        // C itself knows whether the type is thread-safe.
        socket.thread_safe = socket.get_int(sys::ZMQ_THREAD_SAFE)? != 0;
        Ok(socket)
    }

    pub(crate) fn is_thread_safe(&self) -> bool {
        self.thread_safe
    }

    /// What other threads stop receiving calls with.
    pub(crate) fn stop(&self) -> &Arc<Stop> {
        &self.stop
    }

    /// The C pointer, for a call in the process that made the socket.
    #[inline]
    pub(super) fn pointer(&self) -> Result<*mut c_void, Errno> {
        self.process.check()?;
        Ok(self.pointer.as_ptr())
    }

    pub(crate) fn context(&self) -> &Arc<Context> {
        &self.seat.context
    }

    /// Does not count the socket among those that keep the context from being terminated. The
    /// caller closes it when the context is shut down.
    pub(crate) fn uncount(&self) {
        self.seat.uncount();
    }

    /// Whether messages that a subscriber has no room for are waited with, not dropped.
    pub(crate) fn no_drop(&self) -> Result<bool, Errno> {
        self.process.check()?;
        Ok(self.no_drop.load(Ordering::Relaxed))
    }

    /// Whether the socket was ever connected to an endpoint that takes datagrams.
    pub(crate) fn sends_datagrams(&self) -> bool {
        self.datagrams.load(Ordering::Relaxed)
    }

    pub(crate) fn unbind(&self, endpoint: &CStr) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        // SAFETY: an open socket and a valid string, zmq_unbind(3).
        uninterrupted(|| call(|| unsafe { sys::zmq_unbind(pointer, endpoint.as_ptr()) })).map(drop)
    }

    pub(crate) fn disconnect(&self, endpoint: &CStr) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        // SAFETY: an open socket and a valid string, zmq_disconnect(3).
        uninterrupted(|| call(|| unsafe { sys::zmq_disconnect(pointer, endpoint.as_ptr()) }))
            .map(drop)
    }

    pub(crate) fn join(&self, group: &GroupSlice) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        // SAFETY: an open socket and a valid string that C copies, zmq_join(3).
        call(|| unsafe { sys::zmq_join(pointer, group.as_c_str().as_ptr()) }).map(drop)
    }

    pub(crate) fn leave(&self, group: &GroupSlice) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        // SAFETY: an open socket and a valid string, zmq_leave(3).
        call(|| unsafe { sys::zmq_leave(pointer, group.as_c_str().as_ptr()) }).map(drop)
    }

    /// Subscribes to a topic, or confirms a subscription.
    pub(crate) fn subscribe(&self, topic: &[u8]) -> Result<(), Errno> {
        self.set(sys::ZMQ_SUBSCRIBE as c_int, topic)
    }

    /// Takes back a subscription to a topic.
    pub(crate) fn unsubscribe(&self, topic: &[u8]) -> Result<(), Errno> {
        self.set(sys::ZMQ_UNSUBSCRIBE as c_int, topic)
    }

    /// Whether the queue to the peer of that identity has room, as a ROUTER knows it now;
    /// `EHOSTUNREACH` if there is no such peer.
    pub(crate) fn has_room_for(&self, identity: &[u8]) -> Result<bool, Errno> {
        // C only looks up what it has been told of, and is told when it looks at its events.
        self.refresh()?;
        let pointer = self.pointer()?;
        // SAFETY: an open socket, and bytes that live across the call and are only compared. C
        // answers with bits or with -1.
        let state = call(|| unsafe {
            sys::zmq_socket_get_peer_state(pointer, identity.as_ptr().cast(), identity.len())
        })?;
        Ok(state & sys::ZMQ_POLLOUT as c_int != 0)
    }

    /// Sets an option that may be set at any time.
    pub(crate) fn set(&self, option: c_int, value: &[u8]) -> Result<(), Errno> {
        let _family = self.own_family();
        self.set_now(option, value)
    }

    fn set_now(&self, option: c_int, value: &[u8]) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        // C clears an option for a null pointer only; some refuse an empty value at any other.
        let start = if value.is_empty() { ptr::null() } else { value.as_ptr() };
        // SAFETY: the value lives across the call, and its length is its own.
        call(|| unsafe { sys::zmq_setsockopt(pointer, option, start.cast(), value.len()) })?;
        if let Some(number) = options::int(value) {
            match option as u32 {
                sys::ZMQ_RCVTIMEO => self.recv_timeout.store(number, Ordering::Relaxed),
                sys::ZMQ_SNDTIMEO => self.send_timeout.store(number, Ordering::Relaxed),
                sys::ZMQ_LINGER => self.linger.store(number, Ordering::Relaxed),
                sys::ZMQ_XPUB_NODROP => self.no_drop.store(number != 0, Ordering::Relaxed),
                option => self.newcomer.note_option(option, number != 0),
            }
        }
        Ok(())
    }

    /// Sets an option to a text, which may be empty and does not clear the option then.
    pub(crate) fn set_text(&self, option: c_int, text: &[u8]) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        // SAFETY: the text lives across the call, and its length is its own.
        call(|| unsafe { sys::zmq_setsockopt(pointer, option, text.as_ptr().cast(), text.len()) })
            .map(drop)
    }

    pub(crate) fn get(&self, option: c_int, size: Size) -> Result<Vec<u8>, Errno> {
        let _family = self.own_family();
        self.get_now(option, size)
    }

    fn get_now(&self, option: c_int, size: Size) -> Result<Vec<u8>, Errno> {
        let pointer = self.pointer()?;
        options::read(size, |buffer, length| {
            uninterrupted(|| {
                // SAFETY: `buffer` holds `*length` bytes, and C writes at most that many.
                call(|| unsafe { sys::zmq_getsockopt(pointer, option, buffer, length) })
            })
            .map(drop)
        })
    }

    /// Reads an option that is an int, without the heap.
    pub(super) fn get_int(&self, option: u32) -> Result<c_int, Errno> {
        let pointer = self.pointer()?;
        let mut value: c_int = 0;
        let mut length = size_of::<c_int>();
        uninterrupted(|| {
            // SAFETY: a place for an int, and its size.
            call(|| unsafe {
                sys::zmq_getsockopt(
                    pointer,
                    option as c_int,
                    (&raw mut value).cast(),
                    &raw mut length,
                )
            })
        })?;
        Ok(value)
    }

    /// Sets an option that is an int, for one call: what is kept beside C stays as it is.
    pub(super) fn set_int(&self, option: u32, value: c_int) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        let (start, size) = ((&raw const value).cast(), size_of::<c_int>());
        // SAFETY: an int, and its size.
        call(|| unsafe { sys::zmq_setsockopt(pointer, option as c_int, start, size) }).map(drop)
    }

    /// Has C process what its I/O threads have reported. A failed attempt to send does not always
    /// do so (it looks at the clock first, to save time), and then says "would block" of a queue
    /// that has long been emptied.
    fn refresh(&self) -> Result<(), Errno> {
        self.get_int(sys::ZMQ_EVENTS).map(drop)
    }

    /// Sends without waiting. On success the message is empty; on failure it is as it was.
    #[inline]
    pub(crate) fn try_send(&self, message: &mut Message, flags: c_int) -> Result<(), Errno> {
        match self.send_once(message, flags | sys::ZMQ_DONTWAIT as c_int) {
            Err(Errno::AGAIN) => {
                self.refresh()?;
                self.send_once(message, flags | sys::ZMQ_DONTWAIT as c_int)
            }
            done => done,
        }
    }

    /// Sends, waiting for room in the queue as long as the socket's timeout for sending allows.
    #[inline]
    pub(crate) fn send(&self, message: &mut Message, flags: c_int) -> Result<(), Errno> {
        match self.send_once(message, flags | sys::ZMQ_DONTWAIT as c_int) {
            Err(Errno::AGAIN | Errno::INTERRUPTED) => {
                self.wait_to_send(message, flags, self.send_timeout())
            }
            done => done,
        }
    }

    /// Sends after an attempt that would have had to wait, within a timeout in C's milliseconds.
    ///
    /// What that attempt has released is dropped in between, unless the caller is within more than
    /// that call.
    pub(super) fn wait_to_send(
        &self,
        message: &mut Message,
        flags: c_int,
        timeout: c_int,
    ) -> Result<(), Errno> {
        if timeout == 0 {
            // With the second look that C itself does not take.
            return self.try_send(message, flags);
        }
        self.blocking(timeout, sys::ZMQ_SNDTIMEO, |wait| self.send_once(message, flags | wait))
    }

    /// Sends a part that is not the first one of its message. It never blocks, and there is no
    /// second look: C takes a part that is sent again for the first part of another message.
    #[inline]
    pub(super) fn send_rest(&self, message: &mut Message, flags: c_int) -> Result<(), Errno> {
        uninterrupted(|| self.send_once(message, flags | sys::ZMQ_DONTWAIT as c_int))
    }

    /// C's milliseconds of the timeout for sending.
    #[inline]
    pub(super) fn send_timeout(&self) -> c_int {
        self.send_timeout.load(Ordering::Relaxed)
    }

    /// Sends to the peer that the message names, on a socket that routes by the message's routing
    /// id. C's own blocking send would wait for ever on a peer that is gone, so this waits for the
    /// socket to change and tries again.
    #[inline]
    pub(crate) fn send_routed(&self, message: &mut Message) -> Result<(), Errno> {
        match self.try_send(message, 0) {
            Err(Errno::AGAIN) => self.wait_to_route(message),
            done => done,
        }
    }

    #[cold]
    fn wait_to_route(&self, message: &mut Message) -> Result<(), Errno> {
        let deadline = Deadline::after(self.send_timeout.load(Ordering::Relaxed));
        // SAFETY: a socket that routes is a thread-safe one; it is open as long as `self` is
        // borrowed.
        let mut watch = unsafe { Watch::new(self.pointer()?) }?;
        loop {
            match self.try_send(message, 0) {
                Err(Errno::AGAIN) => watch.wait(deadline)?,
                done => return done,
            }
        }
    }

    #[inline]
    pub(super) fn send_once(&self, message: &mut Message, flags: c_int) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        let message = message.as_mut_ptr();
        // SAFETY: an open socket and an initialised message, zmq_msg_send(3).
        transfer(flags, || unsafe { sys::zmq_msg_send(message, pointer, flags) })
    }

    /// Receives without waiting. On failure the message is as it was or empty. A stopped socket
    /// says so when nothing is queued.
    #[inline]
    pub(crate) fn try_recv(&self, message: &mut Message) -> Result<(), Errno> {
        match uninterrupted(|| self.recv_once(message, sys::ZMQ_DONTWAIT as c_int)) {
            Err(Errno::AGAIN) => self.stop.check().and(Err(Errno::AGAIN)),
            done => done,
        }
    }

    /// Receives the next part of a message whose first part was received: C has it already.
    pub(crate) fn recv_more(&self, message: &mut Message) -> Result<(), Errno> {
        uninterrupted(|| self.recv_once(message, sys::ZMQ_DONTWAIT as c_int))
    }

    /// Receives after an attempt that would have had to wait, as [`Self::wait_to_send`] sends.
    pub(crate) fn wait_to_recv(&self, message: &mut Message) -> Result<(), Errno> {
        let timeout = self.recv_timeout.load(Ordering::Relaxed);
        self.blocking(timeout, sys::ZMQ_RCVTIMEO, |wait| self.recv_once(message, wait))
    }

    #[inline]
    pub(super) fn recv_once(&self, message: &mut Message, flags: c_int) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        let message = message.as_mut_ptr();
        // SAFETY: an open socket and an initialised message, zmq_msg_recv(3).
        transfer(flags, || unsafe { sys::zmq_msg_recv(message, pointer, flags) })
    }

    /// Makes a blocking call that signals do not interrupt, after an attempt that would have had to
    /// wait. C's own timeout would start anew with each interruption, so where there is one its
    /// start is kept.
    fn blocking(
        &self,
        timeout: c_int,
        option: u32,
        mut call: impl FnMut(c_int) -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        match timeout {
            ..0 => return uninterrupted(|| call(0)),
            0 => return Err(Errno::AGAIN),
            _ => (),
        }
        let deadline = Deadline::after(timeout);
        match call(0) {
            Err(Errno::INTERRUPTED) => self.limited(deadline, option, call),
            done => done,
        }
    }
}

/// Makes a call that sends or receives with these flags.
#[inline]
fn transfer(flags: c_int, code: impl FnOnce() -> c_int) -> Result<(), Errno> {
    let blocks = flags & sys::ZMQ_DONTWAIT as c_int == 0;
    if blocks { blocking_call(code) } else { call(code) }.map(drop)
}

/// Repeats a call that a signal interrupted.
#[inline]
fn uninterrupted<V>(mut call: impl FnMut() -> Result<V, Errno>) -> Result<V, Errno> {
    loop {
        match call() {
            Err(Errno::INTERRUPTED) => (),
            done => return done,
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // In a forked child the socket is leaked: closing it would reach for its parent's threads.
        if self.process.is_current() {
            self.context().at_exit().lingers(self.linger.load(Ordering::Relaxed));
            let _deferred = DeferDrops::new();
            self.stop.close();
            // SAFETY: the last owner closes, so no call on the socket is under way and none will
            // follow. zmq_close(3) does not wait: what lingers is the context's business.
            unsafe { sys::zmq_close(self.pointer.as_ptr()) };
        }
    }
}

/// What stands over a socket of C.
pub trait HasRaw {
    /// The socket.
    fn raw(&self) -> &Socket;
}

/// A socket of a thread-safe type, with what the typed layer keeps beside it.
#[derive(Debug)]
pub struct Shared<T = ()>(Arc<(Socket, T)>);

// SAFETY: `new` makes thread-safe sockets only. Those take a lock in every call on them that
// `Socket` makes (zmq_socket(3), "Thread safety"), and are closed when the last clone is dropped.
unsafe impl<T: Send + Sync> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Shared<T> {}

impl<T: Default> Shared<T> {
    /// A new socket of that C type. C itself is asked whether the type is thread-safe; if it is
    /// not, that is `EINVAL`.
    pub(crate) fn new(context: Arc<Context>, kind: c_int) -> Result<Self, Errno> {
        let socket = Socket::new(context, kind)?;
        if !socket.is_thread_safe() {
            return Err(Errno::INVALID);
        }
        Ok(Self(Arc::new((socket, T::default()))))
    }
}

impl<T> Shared<T> {
    pub(crate) fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn state(&self) -> &T {
        &self.0.1
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Deref for Shared<T> {
    type Target = Socket;

    #[inline]
    fn deref(&self) -> &Socket {
        &self.0.0
    }
}

/// A socket of a type that one thread at a time may use, with what the typed layer keeps beside it.
#[derive(Debug)]
pub struct Exclusive<T = ()>(Socket, T);

// SAFETY: zmq_socket(3): such a socket may migrate to another thread "with a full fence memory
// barrier", which every way to send a value to a thread has. It is not Sync, so two threads never
// use it at once.
unsafe impl<T: Send> Send for Exclusive<T> {}

impl<T: Default> Exclusive<T> {
    pub(crate) fn new(context: Arc<Context>, kind: c_int) -> Result<Self, Errno> {
        Socket::new(context, kind).map(|socket| Self(socket, T::default()))
    }
}

impl<T> Exclusive<T> {
    pub(crate) fn same(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }

    pub(crate) fn state(&self) -> &T {
        &self.1
    }
}

impl<T> Deref for Exclusive<T> {
    type Target = Socket;

    #[inline]
    fn deref(&self) -> &Socket {
        &self.0
    }
}
