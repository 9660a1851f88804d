//! Contexts.

use std::{
    collections::BTreeMap,
    ptr::NonNull,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, TryLockError, Weak,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use libc::{c_int, c_void};
use libzmq_sys as sys;

use super::{
    Errno,
    errno::check,
    exit::{self, AtExit},
    open::OpenTypes,
    os::fork::{GENERATIONS, PerProcess, Process},
};

/// The contexts of this process by number. A handle that has outlived its context is not found
/// here, which is an error instead of a dangling pointer.
static KNOWN: PerProcess<RwLock<BTreeMap<u64, Known>>> =
    PerProcess::new([const { RwLock::new(BTreeMap::new()) }; GENERATIONS]);

/// A context that exists or is being terminated.
#[derive(Debug)]
struct Known {
    /// Cannot be upgraded while the context is being terminated.
    context: Weak<Context>,
    at_exit: Arc<AtExit>,
}

/// The number of bits of a context's number that count contexts. The others are the number of the
/// process that created it.
const COUNTER_BITS: u32 = 48;

/// A context option as C numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContextOption(pub(crate) c_int);

/// Reads the number of closed sockets that linger. Our patches add this option.
const LINGERING: ContextOption = ContextOption(0x1_0000);

/// The number of open sockets of a context that refuses further sockets.
const SEALED: usize = usize::MAX;

/// Owns a `zmq_ctx_new` pointer. The `Ctx`, each socket, and for a moment each call through a
/// handle share it. The last of them terminates the context.
#[derive(Debug)]
pub struct Context {
    /// The pointer, or the error of `zmq_ctx_new`, for example if there is no file descriptor left.
    pointer: Result<NonNull<c_void>, Errno>,
    number: u64,
    process: Process,
    /// The open sockets that keep the context from being terminated, or [`SEALED`].
    open: AtomicUsize,
    types: OpenTypes,
    at_exit: Arc<AtExit>,
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
        let at_exit = Arc::new(AtExit::new());
        exit::watch(awaited_at_exit, has_lingering_sockets);

        let (open, types) = (AtomicUsize::new(0), OpenTypes::new());
        let context =
            Arc::new(Self { pointer, number, process, open, types, at_exit: at_exit.clone() });
        let known = Known { context: Arc::downgrade(&context), at_exit };
        KNOWN.get().write().unwrap_or_else(PoisonError::into_inner).insert(number, known);
        context
    }

    /// Returns the context with this number, if it exists.
    pub(crate) fn find(number: u64) -> Result<Arc<Self>, Errno> {
        if number >> COUNTER_BITS != u64::from(Process::current().number()) {
            return Err(Errno::FORKED);
        }
        let known = KNOWN.get().read().unwrap_or_else(PoisonError::into_inner);
        known.get(&number).and_then(|known| known.context.upgrade()).ok_or(Errno::TERMINATED)
    }

    /// Returns the socket types with open sockets, by their numbers in C, and how many.
    pub(crate) fn open_sockets(&self) -> impl Iterator<Item = (c_int, usize)> {
        self.types.list()
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

    /// Makes every blocking call on every socket of the context return `ETERM`. Can be called
    /// again.
    pub(crate) fn shutdown(&self) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        // SAFETY: zmq_ctx_shutdown(3) may be called from any thread, any number of times, and frees
        // nothing.
        check(unsafe { sys::zmq_ctx_shutdown(pointer) }).map(drop)
    }

    /// Counts a socket before it is opened. Fails if the context is sealed.
    pub(super) fn enter(&self, kind: c_int) -> Result<(), Errno> {
        let one_more = |open: usize| (open != SEALED).then(|| open + 1);
        match self.open.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more) {
            Ok(_) => {
                self.types.add(kind);
                Ok(())
            }
            Err(_) => Err(Errno::TERMINATED),
        }
    }

    /// Undoes [`enter`](Self::enter) after the socket was closed.
    pub(super) fn leave(&self, kind: c_int) {
        self.types.remove(kind);
        self.open.fetch_sub(1, Ordering::AcqRel);
    }

    /// Seals the context, which then refuses sockets. Fails if sockets are open.
    pub(crate) fn seal(&self) -> bool {
        self.open.compare_exchange(0, SEALED, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// What the exit of the process needs to know about the context.
    pub(super) fn at_exit(&self) -> &Arc<AtExit> {
        &self.at_exit
    }

    /// Whether the exit of the process waits for closed sockets that still send.
    pub(crate) fn waits_at_exit(&self) -> bool {
        self.at_exit.waits()
    }

    pub(crate) fn set_waits_at_exit(&self, waits: bool) {
        self.at_exit.set_waits(waits);
    }

    /// Blocks until no closed socket lingers, and frees the context, which must be
    /// [sealed](Self::seal).
    pub(crate) fn terminate(self: Arc<Self>) {
        let mut shared = self;
        let mut context = loop {
            match Arc::try_unwrap(shared) {
                Ok(context) => break context,
                // A call through a handle shares it until the call returns.
                Err(held) => shared = held,
            }
            thread::sleep(Duration::from_micros(100));
        };
        if let Some(ending) = context.release() {
            ending.terminate();
        }
    }

    /// Takes the pointer, so that it is terminated once. Returns `None` in a forked child, where
    /// the threads that termination waits for do not exist.
    fn release(&mut self) -> Option<UnusedContext> {
        let pointer = std::mem::replace(&mut self.pointer, Err(Errno::TERMINATED));
        if !self.process.is_current() {
            return None;
        }
        match pointer {
            Ok(pointer) => Some(UnusedContext { pointer, number: self.number }),
            Err(_) => {
                forget(self.number);
                None
            }
        }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if let Some(ending) = self.release() {
            // Termination blocks while sockets linger, and a drop must not block. If no thread can
            // be started, the context is leaked.
            let number = ending.number;
            let thread = thread::Builder::new()
                .name("zmq-terminate".into())
                .spawn(move || ending.terminate());
            if thread.is_err() {
                forget(number);
            }
        }
    }
}

fn forget(number: u64) {
    KNOWN.get().write().unwrap_or_else(PoisonError::into_inner).remove(&number);
}

/// Returns the contexts that the exit of the process waits for, each with its deadline.
fn awaited_at_exit() -> Vec<(u64, u64)> {
    let awaited =
        |(number, known): (&u64, &Known)| known.at_exit.until().map(|until| (*number, until));
    for _ in 0..100 {
        if let Some(known) = try_known() {
            return known.iter().filter_map(awaited).collect();
        }
        thread::sleep(Duration::from_millis(1));
    }
    Vec::new()
}

/// Returns whether sockets of the context linger or will be closed soon.
fn has_lingering_sockets(number: u64) -> bool {
    let Some(known) = try_known() else { return true };
    let Some(of) = known.get(&number) else { return false };
    if of.at_exit.is_closing() {
        return true;
    }
    let context = of.context.upgrade();
    // Release the lock before the context is dropped, which may take it.
    drop(known);
    match context {
        Some(context) => context.get(LINGERING).is_ok_and(|sockets| sockets > 0),
        // It is being terminated.
        None => true,
    }
}

/// Does not block on the lock, because the thread that exits may hold it.
fn try_known() -> Option<RwLockReadGuard<'static, BTreeMap<u64, Known>>> {
    match KNOWN.get().try_read() {
        Ok(known) => Some(known),
        Err(TryLockError::Poisoned(known)) => Some(known.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// The pointer of a context that no longer has an owner.
struct UnusedContext {
    pointer: NonNull<c_void>,
    number: u64,
}

// SAFETY: a context may be used from any thread.
unsafe impl Send for UnusedContext {}

impl UnusedContext {
    fn terminate(self) {
        // SAFETY: the pointer is from `Context::release`, which returns it once, after the last
        // socket was closed. EINTR leaves the context valid, and the call must be repeated
        // (zmq_ctx_term(3)).
        let term = || check(unsafe { sys::zmq_ctx_term(self.pointer.as_ptr()) });
        while term() == Err(Errno::INTERRUPTED) {}
        forget(self.number);
    }
}
