//! Pollers: the owner of a `zmq_poller_new` pointer.

use std::{
    collections::HashMap,
    fmt,
    ptr::{self, NonNull},
    rc::Rc,
    time::Duration,
};

use libc::{c_int, c_short, c_void};
use libzmq_sys as sys;

use super::{
    AsDescriptor, Errno, HasRaw, OwnedDescriptor, Size, Socket,
    os::descriptor::{BorrowedDescriptor, descriptor, duplicate, number},
    os::fork::Process,
    owners::{DeferDrops, blocking_call, call},
    wait::Deadline,
};

/// A socket or file descriptor that a poller waits for. The borrow or the `Rc` keeps it open, and
/// on this thread.
pub(crate) enum Source<'a> {
    Socket(&'a Socket),
    HeldSocket(Rc<dyn HasRaw + 'a>),
    Descriptor(BorrowedDescriptor<'a>),
    HeldDescriptor(Rc<dyn AsDescriptor + 'a>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Socket(*mut c_void),
    Descriptor(sys::zmq_fd_t),
}

impl Source<'_> {
    fn socket(&self) -> Option<&Socket> {
        match self {
            Self::Socket(socket) => Some(socket),
            Self::HeldSocket(holder) => Some(holder.raw()),
            Self::Descriptor(_) | Self::HeldDescriptor(_) => None,
        }
    }

    fn key(&self) -> Result<Key, Errno> {
        match self {
            Self::Socket(socket) => socket.pointer().map(Key::Socket),
            Self::HeldSocket(holder) => holder.raw().pointer().map(Key::Socket),
            Self::Descriptor(descriptor) => Ok(Key::Descriptor(number(*descriptor))),
            Self::HeldDescriptor(holder) => {
                Ok(Key::Descriptor(number(descriptor(holder.as_ref()))))
            }
        }
    }
}

struct Entry<'a, I> {
    id: I,
    /// Whether it has events to wait for.
    awaited: bool,
    source: Source<'a>,
}

/// Owns a `zmq_poller_new` pointer, and the registered sources. Neither `Send` nor `Sync`, because
/// a source may be a single-threaded socket.
pub(crate) struct Poller<'a, I> {
    /// The pointer, or the error of `zmq_poller_new`.
    pointer: Result<NonNull<c_void>, Errno>,
    process: Process,
    /// Whether libzmq reads the descriptors of the sockets at the next wait.
    changed: bool,
    room: Vec<sys::zmq_poller_event_t>,
    // Dropped after `drop` has destroyed the poller: the order that C asks for.
    entries: HashMap<Key, Entry<'a, I>>,
}

impl<'a, I: Copy> Poller<'a, I> {
    pub(crate) fn new() -> Self {
        // SAFETY: takes nothing; NULL means failure.
        let pointer = NonNull::new(unsafe { sys::zmq_poller_new() }).ok_or_else(Errno::last);
        Self {
            pointer,
            process: Process::current(),
            changed: false,
            room: Vec::new(),
            entries: HashMap::new(),
        }
    }

    /// The C pointer, for a call in the process that made the poller.
    fn pointer(&self) -> Result<*mut c_void, Errno> {
        self.process.check()?;
        self.pointer.map(NonNull::as_ptr)
    }

    /// Registers a source. Returns `EINVAL` if it is registered already.
    pub(crate) fn add(&mut self, source: Source<'a>, id: I, events: c_short) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        let key = source.key()?;
        match key {
            Key::Socket(socket) => {
                // SAFETY: a valid poller, and an open socket that `source` keeps open, and on this
                // thread unless it is a thread-safe one, until it is removed or the poller is
                // destroyed.
                call(|| unsafe { sys::zmq_poller_add(pointer, socket, ptr::null_mut(), events) })
            }
            Key::Descriptor(fd) => {
                // SAFETY: a valid poller. A descriptor that is closed later is reported as an
                // error.
                call(|| unsafe { sys::zmq_poller_add_fd(pointer, fd, ptr::null_mut(), events) })
            }
        }?;
        self.changed = true;
        self.entries.insert(key, Entry { id, awaited: events != 0, source });
        Ok(())
    }

    /// Changes the events of a source. Returns `EINVAL` if it is not registered.
    pub(crate) fn modify(&mut self, source: &Source<'_>, events: c_short) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        let key = source.key()?;
        match key {
            Key::Socket(socket) => {
                // SAFETY: a valid poller and an open socket.
                call(|| unsafe { sys::zmq_poller_modify(pointer, socket, events) })
            }
            Key::Descriptor(fd) => {
                // SAFETY: a valid poller.
                call(|| unsafe { sys::zmq_poller_modify_fd(pointer, fd, events) })
            }
        }?;
        self.changed = true;
        if let Some(entry) = self.entries.get_mut(&key) {
            entry.awaited = events != 0;
        }
        Ok(())
    }

    /// Removes a source. Returns `EINVAL` if it is not registered.
    pub(crate) fn remove(&mut self, source: &Source<'_>) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        let key = source.key()?;
        match key {
            // SAFETY: a valid poller and an open socket.
            Key::Socket(socket) => call(|| unsafe { sys::zmq_poller_remove(pointer, socket) }),
            // SAFETY: a valid poller.
            Key::Descriptor(fd) => call(|| unsafe { sys::zmq_poller_remove_fd(pointer, fd) }),
        }?;
        self.changed = true;
        // After the call, because this may close the source.
        self.entries.remove(&key);
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns a duplicate of the descriptor that becomes readable when the readiness of a
    /// registered thread-safe socket may have changed. Returns `EINVAL` if no such socket is
    /// registered.
    pub(super) fn duplicate_descriptor(&self) -> Result<OwnedDescriptor, Errno> {
        let pointer = self.pointer()?;
        let mut fd: sys::zmq_fd_t = 0 as _;
        // SAFETY: a valid poller, and a place for a descriptor.
        call(|| unsafe { sys::zmq_poller_fd(pointer, &raw mut fd) })?;
        // SAFETY: the poller owns the descriptor, and is borrowed.
        unsafe { duplicate(fd) }
    }

    /// Blocks until a source is ready, and returns all sources that are. Returns `EAGAIN` when the
    /// period has passed. Checks the sources at least once, and continues after a signal.
    pub(crate) fn wait(
        &mut self,
        period: Option<Duration>,
    ) -> Result<impl Iterator<Item = (I, c_short)>, Errno> {
        let pointer = self.pointer()?;
        // Dropping an owner must not make a call on a socket between `check_open` and the wait.
        let _deferred = DeferDrops::new();
        self.check_open()?;
        let room = self.entries.len().max(1);
        let empty = || sys::zmq_poller_event_t {
            socket: ptr::null_mut(),
            fd: 0 as _,
            user_data: ptr::null_mut(),
            events: 0,
        };
        self.room.resize_with(room, empty);
        let room = c_int::try_from(room).map_err(|_| Errno::INVALID)?;

        let deadline = period.map_or_else(Deadline::never, Deadline::within);
        let found = loop {
            let left = deadline.left();
            let wait = || {
                let (events, left) = (self.room.as_mut_ptr(), left.unwrap_or(0));
                // SAFETY: a valid poller, whose sources are open, and places for `room` events.
                unsafe { sys::zmq_poller_wait_all(pointer, events, room, left) }
            };
            let done = if left.is_some() { blocking_call(wait) } else { call(wait) };
            match done {
                Err(Errno::AGAIN) if left.is_none() => return Err(Errno::AGAIN),
                Err(Errno::AGAIN | Errno::INTERRUPTED) => (),
                Err(errno) => {
                    self.changed = true;
                    return Err(errno);
                }
                Ok(found) => break found,
            }
        };
        let found = usize::try_from(found).unwrap_or(0).min(self.room.len());
        Ok(self.room[..found].iter().filter_map(|event| {
            let key = if event.socket.is_null() {
                Key::Descriptor(event.fd)
            } else {
                Key::Socket(event.socket)
            };
            Some((self.entries.get(&key)?.id, event.events))
        }))
    }

    /// Checks that the sockets are usable. After a change libzmq reads their descriptors, and
    /// aborts the process if that fails because the context was shut down. A socket notices a
    /// shutdown in calls on it only. No such call happens between this check and the wait, because
    /// only this thread uses the sockets that libzmq reads.
    fn check_open(&mut self) -> Result<(), Errno> {
        if self.changed {
            for socket in self
                .entries
                .values()
                .filter(|entry| entry.awaited)
                .filter_map(|entry| entry.source.socket())
            {
                socket.get(sys::ZMQ_TYPE as c_int, Size::INT)?;
            }
            self.changed = false;
        }
        Ok(())
    }
}

impl<I> Drop for Poller<'_, I> {
    fn drop(&mut self) {
        // In a forked child the poller is leaked: a thread of the parent may hold a socket's lock.
        if let (Ok(pointer), true) = (self.pointer, self.process.is_current()) {
            let _deferred = DeferDrops::new();
            let mut pointer = pointer.as_ptr();
            // SAFETY: a valid poller, destroyed once. Its sockets, which the call uses, are open.
            unsafe { sys::zmq_poller_destroy(&raw mut pointer) };
        }
    }
}

impl<I> fmt::Debug for Poller<'_, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poller").field("registered", &self.entries.len()).finish_non_exhaustive()
    }
}
