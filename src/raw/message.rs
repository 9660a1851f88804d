//! Messages: the owner of a `zmq_msg_t`.

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
/// A `zmq_msg_t` has no pointer to itself, so it can be moved like any value.
#[repr(transparent)]
pub(crate) struct Message(UnsafeCell<sys::zmq_msg_t>);

// SAFETY: any thread may free the content of a message, and its reference counts are atomic.
unsafe impl Send for Message {}
// SAFETY: methods with `&self` only read the message, with one exception: `copy` marks its source
// as shared. It does so under a lock, which every reader of the mark takes too.
unsafe impl Sync for Message {}

/// The maximum number of bytes that a message holds inline. Larger content is on the heap.
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

    /// Takes over a message that C has initialised.
    ///
    /// # Safety
    /// The message must be initialised, and nothing else may close it.
    #[cfg(zmq_has = "patches")]
    pub(super) unsafe fn from_c(message: sys::zmq_msg_t) -> Self {
        Self(UnsafeCell::new(message))
    }

    /// Creates a message of `size` zero bytes. Fails only for lack of memory.
    pub(crate) fn zeroed(size: usize) -> Result<Self, Errno> {
        let message = Self::uninit(size)?;
        // SAFETY: C has just allocated `size` bytes there, and no other pointer to them exists.
        unsafe { ptr::write_bytes(message.data(), 0, size) };
        Ok(message)
    }

    /// Creates a message with a copy of the bytes. Without enough memory `exhausted` aborts the
    /// process.
    #[inline]
    pub(crate) fn copied(bytes: &[u8], exhausted: fn(usize) -> !) -> Self {
        let mut message = MaybeUninit::<sys::zmq_msg_t>::uninit();
        // SAFETY: zmq_msg_init_buffer initialises the message and copies that many bytes, or fails.
        if unsafe {
            sys::zmq_msg_init_buffer(message.as_mut_ptr(), bytes.as_ptr().cast(), bytes.len())
        } != 0
        {
            exhausted(bytes.len());
        }
        // SAFETY: it succeeded.
        Self(UnsafeCell::new(unsafe { message.assume_init() }))
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

    /// Creates a message from static bytes.
    pub(crate) fn from_static(bytes: &'static [u8]) -> Result<Self, Errno> {
        // SAFETY: the bytes are static. Without a free function C treats them as constant: such a
        // message always counts as shared, so that no code here writes to it.
        unsafe { Self::with_data(bytes.as_ptr().cast_mut(), bytes.len(), None, ptr::null_mut()) }
    }

    /// Creates a message from the memory of a vector. Without enough memory it returns the vector.
    pub(crate) fn from_vec(mut bytes: Vec<u8>) -> Result<Self, Vec<u8>> {
        /// Frees the memory of the vector. The hint is its capacity.
        unsafe extern "C" fn free(data: *mut c_void, capacity: *mut c_void) {
            // SAFETY: pointer and capacity are those of the vector that `from_vec` forgot, and C
            // calls this once.
            drop(unsafe { Vec::from_raw_parts(data.cast::<u8>(), 0, capacity.addr()) });
        }

        let hint = ptr::without_provenance_mut(bytes.capacity());
        // SAFETY: the vector is forgotten when C has taken it over, so only C uses its memory until
        // `free`.
        match unsafe { Self::with_data(bytes.as_mut_ptr(), bytes.len(), Some(free), hint) } {
            Ok(message) => {
                mem::forget(bytes);
                Ok(message)
            }
            Err(_) => Err(bytes),
        }
    }

    /// Creates a message from the bytes of an owner, which lives until the last copy is dropped.
    /// Other owners may read the same bytes, so the message is marked as shared.
    pub(crate) fn from_owner<O>(owner: O) -> Result<Self, Errno>
    where
        O: AsRef<[u8]> + Send + 'static,
    {
        let (owner, place) = Owner::new(owner);
        // SAFETY: the owner is in its final place on the heap, and is not accessed until it is
        // dropped. So the bytes, which are borrowed from it, stay valid until then.
        let bytes: &[u8] = unsafe { place.as_ref() }.as_ref();
        // SAFETY: as above. C never writes to a message's bytes, and because of `mark_shared` this
        // crate does not either. The hint is of an owner that is forgotten when C has taken it
        // over.
        let message = unsafe {
            Self::with_data(bytes.as_ptr().cast_mut(), bytes.len(), Some(release), owner.hint())
        }?;
        mem::forget(owner);
        message.mark_shared();
        Ok(message)
    }

    /// # Safety
    /// `data` must be readable for `size` bytes until C calls `free` with it and `hint`, or always
    /// if `free` is `None`. It must be writable too, unless the message is marked as shared.
    unsafe fn with_data(
        data: *mut u8,
        size: usize,
        free: Option<unsafe extern "C" fn(*mut c_void, *mut c_void)>,
        hint: *mut c_void,
    ) -> Result<Self, Errno> {
        let mut message = MaybeUninit::<sys::zmq_msg_t>::uninit();
        // SAFETY: the caller guarantees the memory. zmq_msg_init_data(3) initialises the message or
        // fails.
        check(unsafe {
            sys::zmq_msg_init_data(message.as_mut_ptr(), data.cast(), size, free, hint)
        })?;
        // SAFETY: it succeeded.
        Ok(Self(UnsafeCell::new(unsafe { message.assume_init() })))
    }

    /// Returns a message with the same content. Bytes beyond the inline size are shared.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::new();
        let _lock = self.lock();
        // SAFETY: both are initialised. zmq_msg_copy(3) writes only the mark that its source is
        // shared, and its count. The lock excludes other copies of the message and readers of the
        // mark. Other threads may read size, pointer and kind, which are not written. It cannot
        // fail on valid messages.
        unsafe { sys::zmq_msg_copy(copy.0.get(), self.0.get()) };
        copy
    }

    /// Marks the message as shared. C never removes the mark.
    fn mark_shared(&self) {
        drop(self.copy());
    }

    /// Takes the lock of what a copy writes to this message. All messages share 64 locks, because a
    /// `zmq_msg_t` has no space for one.
    fn lock(&self) -> impl Drop + use<> {
        static LOCKS: PerProcess<[Mutex<()>; 64]> =
            PerProcess::new([const { [const { Mutex::new(()) }; 64] }; GENERATIONS]);

        let line = self.0.get().addr() / size_of::<Self>();
        let locks = LOCKS.get();
        locks[line % locks.len()].lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[inline]
    fn data(&self) -> *mut u8 {
        // SAFETY: the message is initialised; zmq_msg_data(3) reads its kind and returns a pointer.
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
        // SAFETY: the content is `len` bytes at `data`, which are not written while `self` is
        // borrowed: C does not write to them, and `bytes_mut` needs a mutable borrow of this
        // message and an unshared buffer.
        unsafe { std::slice::from_raw_parts(self.data(), len) }
    }

    /// Returns the bytes mutably, unless another message or owner may read them.
    pub(crate) fn bytes_mut(&mut self) -> Option<&mut [u8]> {
        let len = self.len();
        if len == 0 {
            return Some(&mut []);
        }
        // SAFETY: initialised, and borrowed mutably, so no other thread sets the mark.
        let shared = unsafe { sys::zmq_msg_get(self.0.get(), sys::ZMQ_SHARED as c_int) } != 0;
        // SAFETY: not shared, so the bytes belong to this message only; libzmq does not write to a
        // received message again.
        (!shared).then(|| unsafe { std::slice::from_raw_parts_mut(self.data(), len) })
    }

    /// Returns whether more frames of the same message follow.
    #[inline]
    pub(crate) fn more(&mut self) -> bool {
        // SAFETY: initialised, zmq_msg_more(3); `&mut`, because it reads flags that a copy writes.
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
        // SAFETY: initialised; the text ends with a NUL, and belongs to the message, which is
        // borrowed.
        let name = unsafe { CStr::from_ptr(sys::zmq_msg_group(self.0.get())) };
        GroupSlice::from_c_str(name)
    }

    /// Sets the group. A [`GroupSlice`] has at most `MAX_GROUP_SIZE` bytes.
    pub(crate) fn set_group(&mut self, group: &GroupSlice) -> Result<(), Errno> {
        // SAFETY: initialised and borrowed mutably; C copies the text.
        check(unsafe { sys::zmq_msg_set_group(self.0.get(), group.0.as_ptr()) }).map(drop)
    }

    /// Returns a property of the connection that the message was received on.
    pub(crate) fn property(&self, name: &CStr) -> Option<&CStr> {
        // SAFETY: initialised; zmq_msg_gets(3) reads the name and returns NULL or text that lives
        // as long as the message.
        let value: *const c_char = unsafe { sys::zmq_msg_gets(self.0.get(), name.as_ptr()) };
        // SAFETY: as above.
        (!value.is_null()).then(|| unsafe { CStr::from_ptr(value) })
    }

    /// Returns the pointer that C receives into or sends from.
    #[inline]
    pub(super) fn as_mut_ptr(&mut self) -> *mut sys::zmq_msg_t {
        self.0.get_mut()
    }
}

impl Drop for Message {
    #[inline]
    fn drop(&mut self) {
        let _deferred = DeferDrops::new();
        // SAFETY: initialised, and closed once. zmq_msg_close(3) fails only for other messages.
        unsafe { sys::zmq_msg_close(self.0.get()) };
    }
}
