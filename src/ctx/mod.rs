//! The context: what sockets live in, with its I/O threads.

mod builder;
mod services;

pub use builder::{CtxBuilder, CtxConfig};
pub(crate) use services::Registration;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use libzmq_sys as sys;

use crate::{
    error::{Error, ErrorKind},
    raw::{Context, ContextOption, GENERATIONS, PerProcess},
    socket::kind::SocketType,
};

/// The owner of a context.
///
/// Sockets are made in a context and share its I/O threads; `inproc` endpoints are known within one
/// context. Most programs need just one: the [global](Self::global) context, which sockets are made
/// in unless told otherwise.
///
/// # Dropping
/// A `Ctx` that is dropped is [shut down](Self::shutdown): every blocking call on its sockets
/// returns [`InvalidCtx`](ErrorKind::InvalidCtx). The sockets stay until they are dropped
/// themselves. Neither drop blocks: the I/O threads flush what was sent in the background, no
/// longer than each socket's linger period. [`terminate`](Self::terminate) waits for them.
///
/// # At the end of the process
/// A normal end of the process (a return from `main`, `std::process::exit`, C's `exit`) waits until
/// the sockets that were dropped before have sent what they had to send, or their linger periods
/// have passed: by default 30 seconds after each drop. So a message to a peer that cannot be reached
/// delays the end. Details:
/// - It waits for the global context, for other contexts, and for those that were dropped.
/// - It does not wait for sockets that are still open (in another thread, in a `static`, leaked),
///   and does not shut them down. What they had to send is lost.
/// - [`set_wait_at_exit`](Self::set_wait_at_exit) and [`CtxBuilder::wait_at_exit`] switch it off for
///   a context, a short [`Linger`](crate::opt::Linger) shortens it for a socket.
/// - `abort`, `_exit`, `quick_exit`, and a signal that ends the process do not wait.
/// - A call of `exit` on an I/O thread, in the drop of a message's owner, stops that thread: the
///   messages that it had to send are lost, and the end of the process waits out their linger
///   periods.
/// - A forked child waits for its own contexts, not for its parent's.
/// - With a libzmq that this crate did not compile it waits for dropped contexts only: call
///   [`terminate_global`](Self::terminate_global) before the end.
/// - A DLL on Windows does not wait: the system has ended the I/O threads by then.
///
/// ```
/// use libzmq::prelude::*;
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let ctx = Ctx::new();
/// let server = ServerBuilder::new().bind("inproc://name").with_ctx(ctx.handle())?;
///
/// let blocked = std::thread::spawn(move || server.recv_msg().unwrap_err().kind());
/// drop(ctx);
/// assert_eq!(blocked.join().unwrap(), ErrorKind::InvalidCtx);
/// #     Ok(())
/// # }
/// ```
///
/// # After a fork
/// A child process that `fork` made cannot use its parent's contexts and sockets: every call
/// answers with [`Forked`](ErrorKind::Forked), and dropping them does nothing. It can make contexts
/// of its own, and has a global one of its own.
///
/// # C API
/// `zmq_ctx_new`, `zmq_ctx_set`, `zmq_ctx_get`, `zmq_ctx_shutdown`, `zmq_ctx_term`. A context has
/// IPv6 enabled from its start, unlike one in C.
#[doc(alias = "Context")]
pub struct Ctx {
    /// Taken by `terminate` only.
    context: Option<Arc<Context>>,
}

/// Stands for a context without owning it: what sockets are made with.
///
/// A handle is a number and may outlive its context; then its methods fail with
/// [`InvalidCtx`](ErrorKind::InvalidCtx).
///
/// ```
/// use libzmq::{Client, Ctx, ErrorKind};
///
/// let ctx = Ctx::new();
/// let handle = ctx.handle();
/// assert!(Client::with_ctx(handle).is_ok());
///
/// drop(ctx);
/// assert_eq!(Client::with_ctx(handle).unwrap_err().kind(), ErrorKind::InvalidCtx);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CtxHandle(u64);

/// Each process has a global context of its own, also one that was forked.
static GLOBAL: PerProcess<Mutex<Option<Ctx>>> =
    PerProcess::new([const { Mutex::new(None) }; GENERATIONS]);

const IO_THREADS: ContextOption = ContextOption(sys::ZMQ_IO_THREADS as i32);
const MAX_SOCKETS: ContextOption = ContextOption(sys::ZMQ_MAX_SOCKETS as i32);
const SOCKET_LIMIT: ContextOption = ContextOption(sys::ZMQ_SOCKET_LIMIT as i32);

impl Ctx {
    /// A context with the default options.
    ///
    /// Where a process has no file descriptors left the context cannot work; then each call that
    /// needs it says so.
    #[doc(alias = "zmq_ctx_new")]
    pub fn new() -> Self {
        let context = Context::new();
        // It fails only where nothing else will work either.
        let _ = context.set(ContextOption(sys::ZMQ_IPV6 as i32), 1);
        Self { context: Some(context) }
    }

    /// What sockets are made with.
    pub fn handle(&self) -> CtxHandle {
        CtxHandle(self.context.as_ref().map_or(0, |context| context.number()))
    }

    /// The context that sockets are made in unless told otherwise. It is made when first asked for,
    /// and lives until the process ends or [`terminate_global`](Self::terminate_global) ends it.
    ///
    /// ```
    /// use libzmq::{Client, Ctx};
    ///
    /// assert_eq!(Client::new().unwrap().ctx(), Ctx::global());
    /// ```
    pub fn global() -> CtxHandle {
        global().get_or_insert_with(Self::new).handle()
    }

    /// Ends the global context as [`terminate`](Self::terminate) does: waits until what its sockets
    /// sent has left. The next use of the global context makes a new one.
    ///
    /// A normal [end of the process](Self#at-the-end-of-the-process) waits as well; this is for
    /// programs that end otherwise, or go on.
    ///
    /// # Errors
    /// [`WouldBlock`](ErrorKind::WouldBlock) if sockets are still open in the global context;
    /// nothing has happened then.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// # let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(Ctx::new().handle());
    /// let client = Client::new()?;
    /// // ... connect and send ...
    /// drop(client);
    ///
    /// Ctx::terminate_global()?;
    /// #     Ok(())
    /// # }
    /// ```
    pub fn terminate_global() -> Result<(), Error> {
        let ctx = {
            let mut place = global();
            match &*place {
                Some(ctx) if ctx.seal() => place.take(),
                Some(ctx) => return Err(still_open(ctx.context.as_deref())),
                None => None,
            }
        };
        // Not under the lock: others may make a new global context while this one flushes.
        if let Some(ctx) = ctx {
            ctx.finish();
        }
        Ok(())
    }

    /// Ends the context and waits until the messages that its sockets sent have left, or their
    /// linger periods have passed.
    ///
    /// To end a context whose sockets are used by other threads: [`shutdown`](Self::shutdown), join
    /// the threads, then this.
    ///
    /// # Errors
    /// [`WouldBlock`](ErrorKind::WouldBlock) if sockets are still open, since waiting for them
    /// could last for ever. Nothing has happened then, and the error gives the context back.
    ///
    /// # C API
    /// `zmq_ctx_term`
    #[doc(alias = "zmq_ctx_term")]
    pub fn terminate(self) -> Result<(), Error<Self>> {
        if !self.seal() {
            return Err(still_open(self.context.as_deref()).giving_back(self));
        }
        self.finish();
        Ok(())
    }

    /// Has the context take no more sockets, if none is open.
    fn seal(&self) -> bool {
        self.context.as_ref().is_none_or(|context| context.seal())
    }

    /// Ends a sealed context.
    fn finish(mut self) {
        self.handle().end_services();
        if let Some(context) = self.context.take() {
            context.terminate();
        }
    }

    /// Makes every blocking call on the context's sockets return
    /// [`InvalidCtx`](ErrorKind::InvalidCtx), and every later call too; calls that do not block may
    /// still succeed for a millisecond. The sockets can only be dropped then. Any thread may call
    /// this, any number of times.
    ///
    /// # C API
    /// `zmq_ctx_shutdown`
    #[doc(alias = "zmq_ctx_shutdown")]
    pub fn shutdown(&self) {
        self.handle().shutdown();
    }

    /// The number of I/O threads, by default 1.
    #[doc(alias = "zmq_ctx_get")]
    #[doc(alias = "ZMQ_IO_THREADS_DFLT")]
    pub fn io_threads(&self) -> i32 {
        self.handle().io_threads()
    }

    /// Sets the number of I/O threads: 0 to 64. One for each gigabyte of traffic a second is
    /// enough; without any, only `inproc` works. It counts from the start of the first socket:
    /// later the context keeps those it has.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) outside 0 to 64.
    pub fn set_io_threads(&self, nb_threads: i32) -> Result<(), Error> {
        self.handle().set_io_threads(nb_threads)
    }

    /// The number of sockets that may be open at once, by default 1023.
    #[doc(alias = "ZMQ_MAX_SOCKETS_DFLT")]
    pub fn max_sockets(&self) -> i32 {
        self.handle().max_sockets()
    }

    /// Sets the number of sockets that may be open at once: 1 to
    /// [`socket_limit`](Self::socket_limit). It counts from the start of the first socket.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) outside that range.
    pub fn set_max_sockets(&self, max: i32) -> Result<(), Error> {
        self.handle().set_max_sockets(max)
    }

    /// The most that [`max_sockets`](Self::max_sockets) can be.
    #[doc(alias = "ZMQ_SOCKET_LIMIT")]
    pub fn socket_limit(&self) -> i32 {
        self.handle().socket_limit()
    }

    /// Whether the [end of the process](Self#at-the-end-of-the-process) waits for this context. The
    /// default is yes.
    pub fn wait_at_exit(&self) -> bool {
        self.handle().wait_at_exit()
    }

    /// Sets whether the [end of the process](Self#at-the-end-of-the-process) waits for this
    /// context. It may be changed at any time.
    ///
    /// # Errors
    /// [`InvalidCtx`](ErrorKind::InvalidCtx) if the context is gone.
    ///
    /// ```
    /// use libzmq::Ctx;
    ///
    /// # fn main() -> Result<(), libzmq::Error> {
    /// Ctx::global().set_wait_at_exit(false)?;
    /// assert!(!Ctx::global().wait_at_exit());
    /// #     Ok(())
    /// # }
    /// ```
    pub fn set_wait_at_exit(&self, wait: bool) -> Result<(), Error> {
        self.handle().set_wait_at_exit(wait)
    }
}

fn global() -> std::sync::MutexGuard<'static, Option<Ctx>> {
    GLOBAL.get().lock().unwrap_or_else(PoisonError::into_inner)
}

/// The error that says how many sockets of which types are open.
fn still_open(context: Option<&Context>) -> Error {
    let open: Vec<_> = context.into_iter().flat_map(Context::open_sockets).collect();
    let types = open.iter().filter_map(|(kind, count)| {
        SocketType::from_c(*kind).map(|socket_type| format!("{count} {socket_type}"))
    });
    let total: usize = open.iter().map(|(_, count)| count).sum();
    Error::new(ErrorKind::WouldBlock, "terminate a context with open sockets")
        .about(format_args!("{total} open: {}", types.collect::<Vec<_>>().join(", ")))
        .cured_by("drop them first")
}

impl CtxHandle {
    /// The context, while it lives.
    pub(crate) fn context(self) -> Result<Arc<Context>, Error> {
        Context::find(self.0).map_err(|errno| Error::c(errno, "use context"))
    }

    pub(crate) fn of(context: &Context) -> Self {
        Self(context.number())
    }

    /// As [`Ctx::io_threads`]; 0 if the context is gone.
    pub fn io_threads(self) -> i32 {
        self.get(IO_THREADS)
    }

    /// As [`Ctx::set_io_threads`].
    pub fn set_io_threads(self, nb_threads: i32) -> Result<(), Error> {
        CtxBuilder::new().io_threads(nb_threads).apply(self)
    }

    /// As [`Ctx::max_sockets`]; 0 if the context is gone.
    pub fn max_sockets(self) -> i32 {
        self.get(MAX_SOCKETS)
    }

    /// As [`Ctx::set_max_sockets`].
    pub fn set_max_sockets(self, max: i32) -> Result<(), Error> {
        CtxBuilder::new().max_sockets(max).apply(self)
    }

    /// As [`Ctx::socket_limit`]; 0 if the context is gone.
    pub fn socket_limit(self) -> i32 {
        self.get(SOCKET_LIMIT)
    }

    /// As [`Ctx::wait_at_exit`]; `false` if the context is gone.
    pub fn wait_at_exit(self) -> bool {
        self.context().is_ok_and(|context| context.waits_at_exit())
    }

    /// As [`Ctx::set_wait_at_exit`].
    pub fn set_wait_at_exit(self, wait: bool) -> Result<(), Error> {
        CtxBuilder::new().wait_at_exit(wait).apply(self)
    }

    fn get(self, option: ContextOption) -> i32 {
        self.context().ok().and_then(|context| context.get(option).ok()).unwrap_or(0)
    }

    /// As [`Ctx::shutdown`]; does nothing if the context is gone.
    pub fn shutdown(self) {
        if let Ok(context) = self.context() {
            // It fails for a context that cannot do anything anyway.
            let _ = context.shutdown();
        }
    }
}

impl Default for Ctx {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Ctx {
    fn drop(&mut self) {
        if let Some(context) = &self.context {
            // As above.
            let _ = context.shutdown();
        }
    }
}

impl PartialEq for Ctx {
    fn eq(&self, other: &Self) -> bool {
        self.handle() == other.handle()
    }
}

impl Eq for Ctx {}

impl fmt::Debug for Ctx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ctx").field(&self.handle().0).finish()
    }
}

impl From<&Ctx> for CtxHandle {
    fn from(ctx: &Ctx) -> Self {
        ctx.handle()
    }
}
