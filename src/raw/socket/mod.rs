//! A socket of C, and the calls on it.

mod attach;
mod handle;

pub use handle::{Exclusive, HasRaw, Shared};

pub(crate) use attach::DISCONNECTS_PEERS;

use std::{
    ffi::CStr,
    ptr::{self, NonNull},
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering},
    },
};

use libc::{c_int, c_void};
use libzmq_sys as sys;

use super::{
    Context, Errno, GroupSlice, Message,
    new_subscriber::NewSubscriber,
    options::{self, Size},
    os::fork::Process,
    owners::{DeferDrops, blocking_call, call},
    stop::Stop,
    wait::{Deadline, Watch},
};

/// Owns a `zmq_socket` pointer, and keeps the context alive.
///
/// It is neither `Send` nor `Sync`: see [`Shared`] and [`Exclusive`].
#[derive(Debug)]
pub struct Socket {
    pointer: NonNull<c_void>,
    process: Process,
    /// The values of `ZMQ_RCVTIMEO` and `ZMQ_SNDTIMEO`, which a blocking call reads here.
    pub(super) recv_timeout: AtomicI32,
    pub(super) send_timeout: AtomicI32,
    /// How many nanoseconds a receive tries before it blocks.
    pub(super) spin: AtomicU64,
    /// The value of `ZMQ_LINGER`, which libzmq does not return after a shutdown.
    pub(super) linger: AtomicI32,
    /// The value of `ZMQ_XPUB_NODROP`, which libzmq does not return.
    no_drop: AtomicBool,
    /// Whether the socket sends datagrams, which have a maximum size.
    datagrams: AtomicBool,
    /// Whether the socket was ever bound or connected to an inproc endpoint.
    pub(super) inproc: AtomicBool,
    /// How many calls have bound or connected the socket, or are doing so. The lock makes checking
    /// for zero and setting an option atomic.
    attached: Mutex<usize>,
    /// Held by calls that change the last endpoint.
    attaching: Mutex<()>,
    /// Locked for writing while the option for IPv6 is not the value that the user has set.
    family: RwLock<()>,
    thread_safe: bool,
    pub(super) new_subscriber: NewSubscriber,
    stop: Arc<Stop>,
    // Dropped after `drop` has closed the socket, as C requires.
    membership: Membership,
}

/// The membership of a socket in its context. It keeps the context alive and counts the socket as
/// open.
#[derive(Debug)]
struct Membership {
    context: Arc<Context>,
    kind: c_int,
    counted: AtomicBool,
}

impl Membership {
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

impl Drop for Membership {
    fn drop(&mut self) {
        self.uncount();
    }
}

impl Socket {
    fn new(context: Arc<Context>, kind: c_int) -> Result<Self, Errno> {
        let membership = Membership::take(context, kind)?;
        let ctx = membership.context.pointer()?;
        // SAFETY: a context that `membership` keeps from being terminated; NULL means failure.
        let pointer =
            NonNull::new(unsafe { sys::zmq_socket(ctx, kind) }).ok_or_else(Errno::last)?;
        let mut socket = Self {
            pointer,
            process: Process::current(),
            recv_timeout: AtomicI32::new(-1),
            send_timeout: AtomicI32::new(-1),
            spin: AtomicU64::new(0),
            linger: AtomicI32::new(-1),
            no_drop: AtomicBool::new(false),
            datagrams: AtomicBool::new(false),
            inproc: AtomicBool::new(false),
            attached: Mutex::new(0),
            attaching: Mutex::new(()),
            family: RwLock::new(()),
            thread_safe: false,
            new_subscriber: NewSubscriber::default(),
            stop: Stop::new(pointer),
            membership,
        };
        // libzmq knows whether the type is thread-safe.
        socket.thread_safe = socket.get_int(sys::ZMQ_THREAD_SAFE)? != 0;
        Ok(socket)
    }

    pub(crate) fn is_thread_safe(&self) -> bool {
        self.thread_safe
    }

    /// Returns the handle with which other threads stop calls that receive.
    pub(crate) fn stop(&self) -> &Arc<Stop> {
        &self.stop
    }

    /// Returns the C pointer, or an error in a forked child.
    #[inline]
    pub(super) fn pointer(&self) -> Result<*mut c_void, Errno> {
        self.process.check()?;
        Ok(self.pointer.as_ptr())
    }

    pub(crate) fn context(&self) -> &Arc<Context> {
        &self.membership.context
    }

    /// Stops counting the socket as open, so that it does not prevent the termination of the
    /// context. The caller must close it when the context is shut down.
    pub(crate) fn uncount(&self) {
        self.membership.uncount();
    }

    /// Whether the socket blocks instead of dropping messages when a subscriber's queue is full.
    pub(crate) fn no_drop(&self) -> Result<bool, Errno> {
        self.process.check()?;
        Ok(self.no_drop.load(Ordering::Relaxed))
    }

    /// Whether the socket was ever connected to a udp endpoint.
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

    /// Removes a subscription to a topic.
    pub(crate) fn unsubscribe(&self, topic: &[u8]) -> Result<(), Errno> {
        self.set(sys::ZMQ_UNSUBSCRIBE as c_int, topic)
    }

    /// Returns whether the queue of a ROUTER's peer is below its high water mark, or `EHOSTUNREACH`
    /// if no peer has the identity.
    pub(crate) fn has_room_for(&self, identity: &[u8]) -> Result<bool, Errno> {
        // libzmq answers from its last state, which reading the events updates.
        self.refresh()?;
        let pointer = self.pointer()?;
        // SAFETY: an open socket, and bytes that live across the call and are only compared. It
        // returns flags or -1.
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
        // libzmq clears an option for a null pointer; some options refuse another empty value.
        let start = if value.is_empty() { ptr::null() } else { value.as_ptr() };
        // SAFETY: the value lives across the call, and its length is its own.
        call(|| unsafe { sys::zmq_setsockopt(pointer, option, start.cast(), value.len()) })?;
        if let Some(number) = options::int(value) {
            match option as u32 {
                sys::ZMQ_RCVTIMEO => self.recv_timeout.store(number, Ordering::Relaxed),
                sys::ZMQ_SNDTIMEO => self.send_timeout.store(number, Ordering::Relaxed),
                sys::ZMQ_LINGER => self.linger.store(number, Ordering::Relaxed),
                sys::ZMQ_XPUB_NODROP => self.no_drop.store(number != 0, Ordering::Relaxed),
                option => self.new_subscriber.note_option(option, number != 0),
            }
        }
        Ok(())
    }

    /// Sets an option to text. Empty text does not clear the option.
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

    /// Reads an option that is an `int`, without an allocation.
    pub(super) fn get_int(&self, option: u32) -> Result<c_int, Errno> {
        let pointer = self.pointer()?;
        let mut value: c_int = 0;
        let mut length = size_of::<c_int>();
        uninterrupted(|| {
            // SAFETY: a pointer to an int, and its size.
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

    /// Sets an option that is an `int`, for one call. Does not change the values stored here.
    pub(super) fn set_int(&self, option: u32, value: c_int) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        let (start, size) = ((&raw const value).cast(), size_of::<c_int>());
        // SAFETY: an int, and its size.
        call(|| unsafe { sys::zmq_setsockopt(pointer, option as c_int, start, size) }).map(drop)
    }

    /// Makes libzmq process the reports of its I/O threads. A failed send does not always do so, to
    /// save time, and then returns "would block" although the queue has room.
    fn refresh(&self) -> Result<(), Errno> {
        self.get_int(sys::ZMQ_EVENTS).map(drop)
    }

    /// Sends without blocking. On success the message is empty; after an error it is as it was.
    #[inline]
    pub(crate) fn try_send(&self, message: &mut Message, flags: c_int) -> Result<(), Errno> {
        match self.send_once(message, flags | sys::ZMQ_DONTWAIT as c_int) {
            Err(Errno::AGAIN) => self.send_again(message, flags),
            done => done,
        }
    }

    /// The second attempt of [`Self::try_send`], after libzmq has processed its commands.
    pub(super) fn send_again(&self, message: &mut Message, flags: c_int) -> Result<(), Errno> {
        self.refresh()?;
        self.send_once(message, flags | sys::ZMQ_DONTWAIT as c_int)
    }

    /// Blocks and sends, after an attempt that would block, with a timeout in milliseconds.
    ///
    /// Owners that the attempt has released are dropped before, unless the caller defers them too.
    pub(super) fn wait_to_send(
        &self,
        message: &mut Message,
        flags: c_int,
        timeout: c_int,
    ) -> Result<(), Errno> {
        if timeout == 0 {
            // With `refresh`, which libzmq's own call does not make.
            return self.try_send(message, flags);
        }
        self.blocking(timeout, sys::ZMQ_SNDTIMEO, |wait| self.send_once(message, flags | wait))
    }

    /// Sends a frame that is not the first one of its message. It does not block. It does not try
    /// again, because libzmq takes a repeated frame as the first one of another message.
    #[inline]
    pub(super) fn send_rest(&self, message: &mut Message, flags: c_int) -> Result<(), Errno> {
        uninterrupted(|| self.send_once(message, flags | sys::ZMQ_DONTWAIT as c_int))
    }

    /// The timeout for sending in milliseconds; a negative number is infinite.
    #[inline]
    pub(super) fn send_timeout(&self) -> c_int {
        self.send_timeout.load(Ordering::Relaxed)
    }

    /// Sends to the peer with the message's routing id, after an attempt that would block. libzmq's
    /// own blocking send does not return if the peer goes, so this waits for a change of the
    /// socket's readiness and tries again.
    pub(super) fn wait_to_route(&self, message: &mut Message) -> Result<(), Errno> {
        let deadline = Deadline::after(self.send_timeout());
        // A second attempt costs less than a watch.
        match self.send_again(message, 0) {
            Err(Errno::AGAIN) => (),
            done => return done,
        }
        // SAFETY: a socket with routing ids is thread-safe, and open while `self` is borrowed.
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

    /// Receives without blocking. After an error the message is as it was, or empty. Returns
    /// `ECANCELED` if the socket was stopped and no message is queued.
    #[inline]
    pub(crate) fn try_recv(&self, message: &mut Message) -> Result<(), Errno> {
        self.try_recv_within(&DeferDrops::new(), message)
    }

    /// As [`Self::try_recv`], for a caller that defers drops already.
    pub(super) fn try_recv_within(
        &self,
        deferred: &DeferDrops,
        message: &mut Message,
    ) -> Result<(), Errno> {
        match uninterrupted(|| self.recv_at_once(deferred, message)) {
            Err(Errno::AGAIN) => self.stop.check().and(Err(Errno::AGAIN)),
            done => done,
        }
    }

    /// Receives the next frame of a message whose first frame was received. libzmq has it already.
    pub(crate) fn recv_more(&self, message: &mut Message) -> Result<(), Errno> {
        uninterrupted(|| self.recv_once(message, sys::ZMQ_DONTWAIT as c_int))
    }

    /// Blocks and receives, after an attempt that would block, like [`Self::wait_to_send`].
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

    /// Makes a blocking call that continues after a signal. libzmq's own timeout would start again
    /// after each signal, so this keeps the deadline.
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
        // In a forked child the socket is leaked: closing it would wait for threads of the parent.
        if self.process.is_current() {
            self.context().at_exit().note_linger(self.linger.load(Ordering::Relaxed));
            let _deferred = DeferDrops::new();
            self.stop.close();
            // SAFETY: the last owner closes, so no thread is in a call on the socket and none will
            // follow. zmq_close(3) does not block; the context handles lingering messages.
            unsafe { sys::zmq_close(self.pointer.as_ptr()) };
        }
    }
}
