//! The owners of message bytes, and when they are dropped.
//!
//! libzmq frees a message on any thread, in the middle of its work, while it holds its locks. The
//! drop of an owner is user code, which may call the same socket. So the free function of a message
//! only puts the owner on a list:
//! - If the thread is in a call of this crate, the owner is dropped when that call has returned.
//! - On any other thread (an I/O thread, the reaper), and in a call that may block, the thread
//!   `zmq-reclaim` drops it.

use std::{
    cell::Cell,
    marker::PhantomData,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    ptr::NonNull,
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use libc::{c_int, c_void};

use super::{
    Errno,
    errno::check,
    os::fork::{GENERATIONS, PerProcess},
};

/// An owner on the heap. It contains its link, so putting it on a list needs no allocation.
#[repr(C)]
struct Node<O> {
    link: Link,
    owner: O,
}

#[repr(C)]
struct Link {
    next: Option<NonNull<Link>>,
    /// Frees the node. Only this function knows its type.
    free: unsafe fn(NonNull<Link>),
}

/// An owner of any type that is `Send`. Dropping it catches a panic of the owner's drop.
pub(super) struct Owner(NonNull<Link>);

// SAFETY: `new` takes only types that are `Send`, and no other pointer to the node exists.
unsafe impl Send for Owner {}

impl Owner {
    pub(super) fn new<O: Send + 'static>(owner: O) -> (Self, NonNull<O>) {
        unsafe fn free<O>(link: NonNull<Link>) {
            // SAFETY: `new` stored this function in a node of this type, which is from a box. Its
            // only `Owner` calls it once.
            drop(unsafe { Box::from_raw(link.cast::<Node<O>>().as_ptr()) });
        }

        let node = Box::new(Node { link: Link { next: None, free: free::<O> }, owner });
        let node = NonNull::from(Box::leak(node));
        // SAFETY: a field of the new node, so it is not null.
        let owner = unsafe { NonNull::new_unchecked(&raw mut (*node.as_ptr()).owner) };
        (Self(node.cast()), owner)
    }

    /// Returns the argument for [`release`].
    pub(super) fn hint(&self) -> *mut c_void {
        self.0.as_ptr().cast()
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // SAFETY: the node belongs to this owner only, and is freed with it.
        contained(|| unsafe { (self.0.as_ref().free)(self.0) });
    }
}

/// Calls user code. Returns `None` if it panics, which the panic hook has reported.
pub(crate) fn contained<T>(call: impl FnOnce() -> T) -> Option<T> {
    let panic = match catch_unwind(AssertUnwindSafe(call)) {
        Ok(done) => return Some(done),
        Err(panic) => panic,
    };
    // Dropping the payload may panic as well.
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        mem::forget(again);
    }
    None
}

/// The free function of a message. It runs no user code.
///
/// # Safety
/// `hint` must be the hint of an [`Owner`] that was forgotten, and must be passed once.
pub(super) unsafe extern "C" fn release(_: *mut c_void, hint: *mut c_void) {
    let Some(link) = NonNull::new(hint.cast()) else { return };
    let owner = Owner(link);
    if let Err(owner) = defer(owner) {
        hand_over(List::of(owner));
    }
}

/// A list of owners in the order of their release. Dropping the list leaks them.
struct List {
    ends: Ends,
}

/// The first and the last node, or `None` if the list is empty.
type Ends = Option<(NonNull<Link>, NonNull<Link>)>;

// SAFETY: owners are `Send`.
unsafe impl Send for List {}

impl List {
    const EMPTY: Self = Self { ends: None };

    fn of(owner: Owner) -> Self {
        let link = mem::ManuallyDrop::new(owner).0;
        Self { ends: Some((link, link)) }
    }

    fn append(&mut self, more: Self) {
        self.ends = match (self.ends, more.ends) {
            (Some((first, mut last)), Some((next, end))) => {
                // SAFETY: a node on a list belongs to that list only.
                unsafe { last.as_mut() }.next = Some(next);
                Some((first, end))
            }
            (ends, more) => ends.or(more),
        };
    }

    fn pop(&mut self) -> Option<Owner> {
        let (mut first, last) = self.ends?;
        // SAFETY: as in `append`.
        let next = unsafe { first.as_mut() }.next.take();
        self.ends = next.map(|next| (next, last));
        Some(Owner(first))
    }

    fn drop_all(mut self) {
        while let Some(owner) = self.pop() {
            drop(owner);
        }
    }
}

/// How many drops of owners may be nested on one thread. Owners that the innermost of them releases
/// are dropped after it, so that a chain of any length fits on the stack.
const NESTED: u32 = 16;

struct Local {
    /// How many values of `DeferDrops` the thread has.
    depth: Cell<u32>,
    /// Whether the thread is in a call that may block.
    blocks: Cell<bool>,
    /// How many drops of owners are nested now.
    nested: Cell<u32>,
    released: Cell<Ends>,
}

thread_local! {
    // It has no destructor, so it also works while a thread ends.
    static LOCAL: Local = const {
        Local {
            depth: Cell::new(0),
            blocks: Cell::new(false),
            nested: Cell::new(0),
            released: Cell::new(None),
        }
    };
}

impl Local {
    fn take(&self) -> List {
        List { ends: self.released.take() }
    }

    fn append(&self, more: List) {
        let mut released = self.take();
        released.append(more);
        self.released.set(released.ends);
    }

    fn is_empty(&self) -> bool {
        self.released.get().is_none()
    }
}

/// Defers the drop of the owners that this thread releases until the last such value of the thread
/// is dropped.
///
/// Each call of C has one. So has code that holds a lock that the drop of an owner may take, and
/// code that makes several calls on a socket which must not be interrupted by user code.
#[must_use]
pub(crate) struct DeferDrops(PhantomData<*mut ()>);

impl DeferDrops {
    #[inline]
    pub(crate) fn new() -> Self {
        LOCAL.with(|local| local.depth.set(local.depth.get() + 1));
        Self(PhantomData)
    }
}

impl Drop for DeferDrops {
    #[inline]
    fn drop(&mut self) {
        LOCAL.with(|local| {
            let depth = local.depth.get() - 1;
            local.depth.set(depth);
            if depth == 0 && (!local.is_empty() || STRANDED.load(Ordering::Relaxed)) {
                drop_released(local);
            }
        });
    }
}

#[cold]
fn drop_released(local: &Local) {
    let nested = local.nested.get();
    if nested == NESTED {
        return;
    }
    local.nested.set(nested + 1);
    loop {
        let mut released = local.take();
        if STRANDED.swap(false, Ordering::Relaxed) {
            released.append(RECLAIM.get().queue().take());
        }
        if released.ends.is_none() {
            break;
        }
        released.drop_all();
    }
    local.nested.set(nested);
}

/// Puts the owner on the list of this thread, unless the thread is in no call or in one that
/// blocks.
fn defer(owner: Owner) -> Result<(), Owner> {
    LOCAL.with(|local| {
        if local.depth.get() == 0 || local.blocks.get() {
            return Err(owner);
        }
        local.append(List::of(owner));
        Ok(())
    })
}

/// Makes a C call that does not block, and reads its error before an owner is dropped, whose drop
/// may make another call.
#[inline]
pub(super) fn call(code: impl FnOnce() -> c_int) -> Result<c_int, Errno> {
    let _deferred = DeferDrops::new();
    check(code())
}

/// Makes a C call that may block. The owners that the thread has released, and those that it
/// releases during the call, are dropped by `zmq-reclaim` without waiting for the call.
#[inline]
pub(super) fn blocking_call(code: impl FnOnce() -> c_int) -> Result<c_int, Errno> {
    let _deferred = DeferDrops::new();
    let before = LOCAL.with(|local| {
        if !local.is_empty() {
            hand_over(local.take());
        }
        local.blocks.replace(true)
    });
    let done = check(code());
    LOCAL.with(|local| local.blocks.set(before));
    done
}

/// The queue of the thread `zmq-reclaim`.
struct Reclaim {
    queue: Mutex<Queue>,
    filled: Condvar,
}

struct Queue {
    list: List,
    running: bool,
}

impl Queue {
    fn take(&mut self) -> List {
        mem::replace(&mut self.list, List::EMPTY)
    }
}

static RECLAIM: PerProcess<Reclaim> = PerProcess::new(
    [const {
        Reclaim {
            queue: Mutex::new(Queue { list: List::EMPTY, running: false }),
            filled: Condvar::new(),
        }
    }; GENERATIONS],
);

/// Whether the queue has owners, but the thread could not be started. The next call drops them.
static STRANDED: AtomicBool = AtomicBool::new(false);

impl Reclaim {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        loop {
            let mut queue = self.queue();
            while queue.list.ends.is_none() {
                queue = self.filled.wait(queue).unwrap_or_else(PoisonError::into_inner);
            }
            let list = queue.take();
            drop(queue);
            list.drop_all();
        }
    }
}

/// Passes owners to the thread `zmq-reclaim`, and starts it if necessary.
#[cold]
fn hand_over(list: List) {
    let reclaim = RECLAIM.get();
    let mut queue = reclaim.queue();
    queue.list.append(list);
    if !queue.running {
        let thread = thread::Builder::new().name("zmq-reclaim".into());
        queue.running = thread.spawn(|| reclaim.run()).is_ok();
    }
    if queue.running {
        reclaim.filled.notify_one();
    } else {
        STRANDED.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, atomic::AtomicUsize};

    use super::*;

    struct Counted(Arc<AtomicUsize>);

    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn list(count: usize, drops: &Arc<AtomicUsize>) -> List {
        let mut list = List::EMPTY;
        for _ in 0..count {
            list.append(List::of(Owner::new(Counted(drops.clone())).0));
        }
        list
    }

    #[test]
    fn owners_that_no_thread_could_take_are_dropped_by_the_next_call() {
        let drops = Arc::new(AtomicUsize::new(0));
        RECLAIM.get().queue().list.append(list(3, &drops));
        STRANDED.store(true, Ordering::Relaxed);
        while drops.load(Ordering::SeqCst) < 3 {
            // Another test's call may be the next.
            drop(DeferDrops::new());
        }
        assert!(!STRANDED.load(Ordering::Relaxed));
    }

    #[test]
    fn a_deferred_drop_waits_for_the_outermost_call() {
        let drops = Arc::new(AtomicUsize::new(0));
        let outer = DeferDrops::new();
        let inner = DeferDrops::new();
        LOCAL.with(|local| local.append(list(2, &drops)));
        drop(inner);
        assert_eq!(drops.load(Ordering::SeqCst), 0);
        drop(outer);
        assert_eq!(drops.load(Ordering::SeqCst), 2);
    }
}
