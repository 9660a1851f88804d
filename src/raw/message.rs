use std::{
    cell::UnsafeCell,
    ffi::{CStr, c_char},
    mem::{self, MaybeUninit},
    ptr,
    sync::{Mutex, PoisonError},
};

use libc::{c_int, c_void};
use libzmq_sys as sys;

use super::{
    Errno, GroupSlice,
    errno::check,
    os::fork::{GENERATIONS, PerProcess},
    owners::{DeferDrops, Owner, release},
};

/// Owns a `zmq_msg_t`.
///
/// C's messages refer to no part of themselves, so a move of the value moves the message.
#[repr(transparent)]
pub(crate) struct Message(UnsafeCell<sys::zmq_msg_t>);

// SAFETY: a message's content may be freed by any thread, and its counts of references are atomic.
unsafe impl Send for Message {}
// SAFETY: what takes `&self` only reads the message, with one exception: a copy marks its source as
// shared, and that is done under a lock which everything else that reads the mark takes too (see
// `copy`).
unsafe impl Sync for Message {}

/// The most bytes that a message holds within itself; larger contents are on the heap.
pub(crate) const INLINE: usize = if cfg!(target_pointer_width = "64") { 33 } else { 37 };

impl Message {
    #[inline]
    pub(crate) fn new() -> Self {
        let mut message = MaybeUninit::<sys::zmq_msg_t>::uninit();
        // SAFETY: zmq_msg_init(3) initialises the whole message and cannot fail.
        let message = unsafe {
            sys::zmq_msg_init(message.as_mut_ptr());
            message.assume_init()
        };
        Self(UnsafeCell::new(message))
    }

    /// A message of so many bytes, all zero. Fails only for want of memory.
    pub(crate) fn zeroed(size: usize) -> Result<Self, Errno> {
        let message = Self::uninit(size)?;
        // SAFETY: C has just allocated `size` bytes there, and nobody else knows of them.
        unsafe { ptr::write_bytes(message.data(), 0, size) };
        Ok(message)
    }

    /// A message with a copy of the bytes, unless there is no memory: then `exhausted` ends the
    /// process.
    ///
    /// The message is made where the caller wants it. Moving one that C has just written costs more
    /// than it looks: the processor waits for C's small writes before it reads them as large ones.
    #[inline]
    pub(crate) fn copied(bytes: &[u8], exhausted: fn(usize) -> !) -> Self {
        // SAFETY: C's type is plain bytes.
        let message = Self(UnsafeCell::new(unsafe { mem::zeroed() }));
        // SAFETY: zmq_msg_init_size(3) initialises the message whatever was there. If it fails
        // nothing is dropped.
        if unsafe { sys::zmq_msg_init_size(message.0.get(), bytes.len()) } != 0 {
            exhausted(bytes.len());
        }
        // SAFETY: C has just allocated that many bytes, apart from `bytes`.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), message.data(), bytes.len()) };
        message
    }

    #[inline]
    fn uninit(size: usize) -> Result<Self, Errno> {
        let mut message = MaybeUninit::<sys::zmq_msg_t>::uninit();
        // SAFETY: zmq_msg_init_size(3) initialises the message, or fails and leaves nothing to
        // close.
        check(unsafe { sys::zmq_msg_init_size(message.as_mut_ptr(), size) })?;
        // SAFETY: it succeeded.
        Ok(Self(UnsafeCell::new(unsafe { message.assume_init() })))
    }

    /// A message over bytes that live for ever.
    pub(crate) fn from_static(bytes: &'static [u8]) -> Result<Self, Errno> {
        // SAFETY: the bytes stay. Without a free function C holds them as constant: such a message
        // always counts as shared, so that nothing here writes to it.
        unsafe { Self::with_data(bytes.as_ptr().cast_mut(), bytes.len(), None, ptr::null_mut()) }
    }

    /// A message over the memory of the vector. On failure, for want of memory, the vector comes
    /// back.
    pub(crate) fn from_vec(mut bytes: Vec<u8>) -> Result<Self, Vec<u8>> {
        /// Frees what `from_vec` gave away: the capacity travels as the hint.
        unsafe extern "C" fn free(data: *mut c_void, capacity: *mut c_void) {
            // SAFETY: pointer and capacity are those of the vector that `from_vec` took apart, and
            // C calls this once.
            drop(unsafe { Vec::from_raw_parts(data.cast::<u8>(), 0, capacity.addr()) });
        }

        let hint = ptr::without_provenance_mut(bytes.capacity());
        // SAFETY: the vector is forgotten where C took it over, so its memory is C's alone until
        // `free`.
        match unsafe { Self::with_data(bytes.as_mut_ptr(), bytes.len(), Some(free), hint) } {
            Ok(message) => {
                mem::forget(bytes);
                Ok(message)
            }
            Err(_) => Err(bytes),
        }
    }

    /// A message over the memory of an owner, which lives until the last copy is gone. Others may
    /// see the same bytes, so the message counts as shared from its start.
    pub(crate) fn from_owner<O>(owner: O) -> Result<Self, Errno>
    where
        O: AsRef<[u8]> + Send + 'static,
    {
        let (owner, place) = Owner::new(owner);
        // SAFETY: the owner has just been put in its final place, and nothing touches it there
        // until it is dropped. So the bytes, which are borrowed from it, stay valid until then.
        let bytes: &[u8] = unsafe { place.as_ref() }.as_ref();
        // SAFETY: as above. C never writes to a message's bytes, and `mark_shared` keeps us from
        // it. The hint is of an owner that is forgotten where C took it over.
        let message = unsafe {
            Self::with_data(bytes.as_ptr().cast_mut(), bytes.len(), Some(release), owner.hint())
        }?;
        mem::forget(owner);
        message.mark_shared();
        Ok(message)
    }

    /// # Safety
    /// `data` must be readable for `size` bytes until C calls `free` with it and `hint`, for ever
    /// if there is none; and writable too, unless the message is marked as shared.
    unsafe fn with_data(
        data: *mut u8,
        size: usize,
        free: Option<unsafe extern "C" fn(*mut c_void, *mut c_void)>,
        hint: *mut c_void,
    ) -> Result<Self, Errno> {
        let mut message = MaybeUninit::<sys::zmq_msg_t>::uninit();
        // SAFETY: the caller vouches for the memory. zmq_msg_init_data(3) initialises the message
        // or fails.
        check(unsafe {
            sys::zmq_msg_init_data(message.as_mut_ptr(), data.cast(), size, free, hint)
        })?;
        // SAFETY: it succeeded.
        Ok(Self(UnsafeCell::new(unsafe { message.assume_init() })))
    }

    /// Another message with the same content: bytes beyond the inline size are shared, not copied.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::new();
        let _lock = self.lock();
        // SAFETY: both are initialised. zmq_msg_copy(3) writes one thing to its source: the mark
        // that it is shared, and the count that goes with it. The lock keeps two copies of one
        // message, and whoever reads the mark, from doing so at once; size, pointer and kind, that
        // others may read meanwhile, are left alone. It cannot fail on valid messages.
        unsafe { sys::zmq_msg_copy(copy.0.get(), self.0.get()) };
        copy
    }

    /// Makes the message count as shared for good. C never takes the mark back.
    fn mark_shared(&self) {
        drop(self.copy());
    }

    /// The lock for what a copy writes to this message. There are a few for all messages, because a
    /// message has no room for one of its own.
    fn lock(&self) -> impl Drop + use<> {
        static LOCKS: PerProcess<[Mutex<()>; 64]> =
            PerProcess::new([const { [const { Mutex::new(()) }; 64] }; GENERATIONS]);

        let line = self.0.get().addr() / size_of::<Self>();
        let locks = LOCKS.get();
        locks[line % locks.len()].lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[inline]
    fn data(&self) -> *mut u8 {
        // SAFETY: the message is initialised; zmq_msg_data(3) reads its kind and answers with a
        // pointer.
        unsafe { sys::zmq_msg_data(self.0.get()).cast() }
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        // SAFETY: the message is initialised, zmq_msg_size(3).
        unsafe { sys::zmq_msg_size(self.0.get()) }
    }

    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        let len = self.len();
        if len == 0 {
            // The pointer of an empty message may be null.
            return &[];
        }
        // SAFETY: the content is `len` bytes at `data`, and nobody writes to them while `self` is
        // borrowed: not C, and of ours only `bytes_mut`, which needs this message alone and
        // unshared.
        unsafe { std::slice::from_raw_parts(self.data(), len) }
    }

    /// The bytes to write to, unless another message or owner may see them.
    pub(crate) fn bytes_mut(&mut self) -> Option<&mut [u8]> {
        let len = self.len();
        if len == 0 {
            return Some(&mut []);
        }
        // SAFETY: initialised, and borrowed mutably: nobody sets the mark meanwhile.
        let shared = unsafe { sys::zmq_msg_get(self.0.get(), sys::ZMQ_SHARED as c_int) } != 0;
        // SAFETY: not shared, so the bytes belong to this message alone; no part of a message
        // received is written to by libzmq again.
        (!shared).then(|| unsafe { std::slice::from_raw_parts_mut(self.data(), len) })
    }

    /// Whether more parts of the same message follow.
    #[inline]
    pub(crate) fn more(&mut self) -> bool {
        // SAFETY: initialised, zmq_msg_more(3); `&mut`, because it reads what a copy writes.
        unsafe { sys::zmq_msg_more(self.0.get()) != 0 }
    }

    #[inline]
    pub(crate) fn routing_id(&self) -> u32 {
        // SAFETY: initialised; zmq_msg_routing_id(3) only reads.
        unsafe { sys::zmq_msg_routing_id(self.0.get()) }
    }

    #[inline]
    pub(crate) fn set_routing_id(&mut self, id: std::num::NonZeroU32) {
        // SAFETY: initialised and borrowed mutably. It fails only for zero
        // (zmq_msg_set_routing_id(3)).
        unsafe { sys::zmq_msg_set_routing_id(self.0.get(), id.get()) };
    }

    pub(crate) fn group(&self) -> &GroupSlice {
        // SAFETY: initialised; the text, which C ends with a NUL, is the message's and stays while
        // it is borrowed.
        let name = unsafe { CStr::from_ptr(sys::zmq_msg_group(self.0.get())) };
        GroupSlice::from_c_str(name)
    }

    /// The name is no longer than `MAX_GROUP_SIZE`: [`GroupSlice`] is so by construction.
    pub(crate) fn set_group(&mut self, group: &GroupSlice) -> Result<(), Errno> {
        // SAFETY: initialised and borrowed mutably; C copies the text.
        check(unsafe { sys::zmq_msg_set_group(self.0.get(), group.0.as_ptr()) }).map(drop)
    }

    /// A property of the connection that the message came by, as text of C's.
    pub(crate) fn property(&self, name: &CStr) -> Option<&CStr> {
        // SAFETY: initialised; zmq_msg_gets(3) reads the name and answers with NULL or text that
        // lives as long as the message.
        let value: *const c_char = unsafe { sys::zmq_msg_gets(self.0.get(), name.as_ptr()) };
        // SAFETY: as above.
        (!value.is_null()).then(|| unsafe { CStr::from_ptr(value) })
    }

    /// The place that C receives into or sends from.
    #[inline]
    pub(super) fn as_mut_ptr(&mut self) -> *mut sys::zmq_msg_t {
        self.0.get_mut()
    }
}

impl Drop for Message {
    #[inline]
    fn drop(&mut self) {
        let _deferred = DeferDrops::new();
        // SAFETY: initialised, and closed once. zmq_msg_close(3) fails only on a message that is
        // not.
        unsafe { sys::zmq_msg_close(self.0.get()) };
    }
}
