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

/// What a poller waits for, and what keeps it open and on this thread meanwhile: a borrow or a
/// share.
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
    /// Whether it is waited for at all.
    awaited: bool,
    source: Source<'a>,
}

/// Owns a `zmq_poller_new` pointer, and holds what is registered with it. Neither `Send` nor
/// `Sync`, since what it holds may be a classical socket.
pub(crate) struct Poller<'a, I> {
    /// What `zmq_poller_new` gave, or why it gave nothing.
    pointer: Result<NonNull<c_void>, Errno>,
    process: Process,
    /// Whether C will ask the sockets for their descriptors when it waits next.
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

    /// Registers a source. One that is registered already is `EINVAL`.
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
                // SAFETY: a valid poller. A descriptor that is closed meanwhile would be reported
                // as an error.
                call(|| unsafe { sys::zmq_poller_add_fd(pointer, fd, ptr::null_mut(), events) })
            }
        }?;
        self.changed = true;
        self.entries.insert(key, Entry { id, awaited: events != 0, source });
        Ok(())
    }

    /// Changes what a registered source is waited for. One that is not registered is `EINVAL`.
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

    /// Forgets a source. One that is not registered is `EINVAL`.
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
        // What it held may close only now.
        self.entries.remove(&key);
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// A duplicate of the descriptor that is readable once something is new to a registered
    /// thread-safe socket. `EINVAL` before the first such socket was registered.
    pub(super) fn duplicate_descriptor(&self) -> Result<OwnedDescriptor, Errno> {
        let pointer = self.pointer()?;
        let mut fd: sys::zmq_fd_t = 0 as _;
        // SAFETY: a valid poller, and a place for a descriptor.
        call(|| unsafe { sys::zmq_poller_fd(pointer, &raw mut fd) })?;
        // SAFETY: the poller owns the descriptor, and is borrowed meanwhile.
        unsafe { duplicate(fd) }
    }

    /// Waits until something that is registered has one of its events, and answers with all that
    /// have, or with `EAGAIN` when the period is over. Looks at least once. Interruptions by
    /// signals do not count.
    pub(crate) fn wait(
        &mut self,
        period: Option<Duration>,
    ) -> Result<impl Iterator<Item = (I, c_short)>, Errno> {
        let pointer = self.pointer()?;
        // Also so that the drop of an owner makes no call on a socket that was just found open.
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

    /// Asks the sockets whether they still answer. C asks them for their descriptors after each
    /// change, and aborts the process if one refuses because it has noticed that its context was
    /// shut down. That state changes in calls on the socket only, which do not happen between here
    /// and there: this thread alone uses those that C asks.
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
        // In a forked child the poller is leaked: a socket's lock may be held by a thread of the
        // parent.
        if let (Ok(pointer), true) = (self.pointer, self.process.is_current()) {
            let _deferred = DeferDrops::new();
            let mut pointer = pointer.as_ptr();
            // SAFETY: a valid poller, destroyed once. Its sockets, which it reaches for, are still
            // held.
            unsafe { sys::zmq_poller_destroy(&raw mut pointer) };
        }
    }
}

impl<I> fmt::Debug for Poller<'_, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poller").field("registered", &self.entries.len()).finish_non_exhaustive()
    }
}
