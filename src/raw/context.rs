use std::{
    collections::BTreeMap,
    ptr::NonNull,
    sync::{
        Arc, PoisonError, RwLock, Weak,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use libc::{c_int, c_void};
use libzmq_sys as sys;

use super::{
    Errno,
    errno::check,
    fork::{GENERATIONS, PerProcess, Process},
};

/// The contexts that live, by number: what makes a number that outlived its context an error, not a
/// dangling pointer.
static LIVING: PerProcess<RwLock<BTreeMap<u64, Weak<Context>>>> =
    PerProcess::new([const { RwLock::new(BTreeMap::new()) }; GENERATIONS]);

/// How many bits of a context's number count; the others tell the process that made it.
const COUNTER_BITS: u32 = 48;

/// A context option as C numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContextOption(pub(crate) c_int);

/// Owns a `zmq_ctx_new` pointer. Shared by the context's owner and by each of its sockets;
/// terminated with the last.
#[derive(Debug)]
pub struct Context {
    /// What `zmq_ctx_new` gave, or why it gave nothing: a process out of file descriptors.
    pointer: Result<NonNull<c_void>, Errno>,
    number: u64,
    process: Process,
}

// SAFETY: zmq(7): "a 0MQ context is thread safe and may be shared among as many application threads
// as necessary".
unsafe impl Send for Context {}
// SAFETY: as above.
unsafe impl Sync for Context {}

impl Context {
    pub(crate) fn new() -> Arc<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);

        // SAFETY: zmq_ctx_new(3) takes nothing; NULL means failure.
        let pointer = NonNull::new(unsafe { sys::zmq_ctx_new() }).ok_or_else(Errno::last);
        let process = Process::current();
        let number =
            u64::from(process.number()) << COUNTER_BITS | NEXT.fetch_add(1, Ordering::Relaxed);
        let context = Arc::new(Self { pointer, number, process });
        let mut living = LIVING.get().write().unwrap_or_else(PoisonError::into_inner);
        living.insert(context.number, Arc::downgrade(&context));
        context
    }

    /// The context of this number, if it still lives.
    pub(crate) fn find(number: u64) -> Result<Arc<Self>, Errno> {
        if number >> COUNTER_BITS != u64::from(Process::current().number()) {
            return Err(Errno::FORKED);
        }
        let living = LIVING.get().read().unwrap_or_else(PoisonError::into_inner);
        living.get(&number).and_then(Weak::upgrade).ok_or(Errno::TERMINATED)
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The C pointer, for a call in the process that made it.
    pub(super) fn pointer(&self) -> Result<*mut c_void, Errno> {
        self.process.check()?;
        self.pointer.map(NonNull::as_ptr)
    }

    pub(crate) fn set(&self, option: ContextOption, value: c_int) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        // SAFETY: the pointer is a context that is not terminated before `self` drops;
        // zmq_ctx_set(3) refuses options it does not know.
        check(unsafe { sys::zmq_ctx_set(pointer, option.0, value) }).map(drop)
    }

    pub(crate) fn get(&self, option: ContextOption) -> Result<c_int, Errno> {
        let pointer = self.pointer()?;
        // SAFETY: as in `set`. No option that zmq_ctx_get(3) knows is negative except the
        // scheduling ones, whose unset value -1 the caller tells from failure by their name.
        check(unsafe { sys::zmq_ctx_get(pointer, option.0) })
    }

    /// Sets an option whose value is text.
    pub(crate) fn set_bytes(&self, option: ContextOption, value: &[u8]) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        // SAFETY: the value lives across the call and its length is its own.
        check(unsafe {
            sys::zmq_ctx_set_ext(pointer, option.0, value.as_ptr().cast(), value.len())
        })
        .map(drop)
    }

    /// Makes every blocking call on every socket of the context return `ETERM`. May be called
    /// again.
    pub(crate) fn shutdown(&self) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        // SAFETY: zmq_ctx_shutdown(3) may be called from any thread, any number of times, and frees
        // nothing.
        check(unsafe { sys::zmq_ctx_shutdown(pointer) }).map(drop)
    }

    /// Waits until the messages that closed sockets still linger for have left, and frees the
    /// context. Gives it back if something else still holds it.
    pub(crate) fn terminate(self: Arc<Self>) -> Result<(), Arc<Self>> {
        let mut context = Arc::try_unwrap(self)?;
        if let Some(pointer) = context.release() {
            terminate(pointer);
        }
        Ok(())
    }

    /// Takes the pointer out, so that it is terminated once. Nothing is taken in a forked child,
    /// where the threads that termination waits for do not exist.
    fn release(&mut self) -> Option<Pointer> {
        let mut living = LIVING.get().write().unwrap_or_else(PoisonError::into_inner);
        living.remove(&self.number);
        drop(living);

        let pointer = std::mem::replace(&mut self.pointer, Err(Errno::TERMINATED)).ok()?;
        self.process.is_current().then_some(Pointer(pointer))
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if let Some(pointer) = self.release() {
            // Termination waits for lingering messages, and a drop must not. Where no thread can be
            // had the context is leaked: its memory goes with the process.
            let _ = thread::Builder::new()
                .name("zmq-terminate".into())
                .spawn(move || terminate(pointer));
        }
    }
}

struct Pointer(NonNull<c_void>);

// SAFETY: a context may be used from any thread.
unsafe impl Send for Pointer {}

fn terminate(pointer: Pointer) {
    loop {
        // SAFETY: `pointer` came out of `Context::release`, which gives it once, after the last
        // socket was closed. EINTR leaves the context valid, and then the call is to be repeated
        // (zmq_ctx_term(3)).
        match check(unsafe { sys::zmq_ctx_term(pointer.0.as_ptr()) }) {
            Err(Errno::INTERRUPTED) => (),
            _ => return,
        }
    }
}
