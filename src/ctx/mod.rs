//! Contexts, which own the I/O threads of sockets.

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

/// Owns a context: the I/O threads that its sockets share.
///
/// Each socket belongs to a context. Endpoints of inproc are local to a context. Most programs need
/// only the [global](Self::global) context, which builders use by default.
///
#[doc = include_str!("../../docs/pictures/linger.svg")]
///
/// # Dropping
/// Dropping a `Ctx` [shuts it down](Self::shutdown): every call on its sockets returns
/// [`InvalidCtx`](ErrorKind::InvalidCtx), also the calls that threads are blocked in. The sockets
/// stay open until they are dropped. Neither drop blocks: I/O threads send the queued messages in
/// the background, for at most the linger period of each socket. [`terminate`](Self::terminate)
/// blocks until they are sent.
///
/// # At the end of the process
/// A normal end of the process (a return from `main`, `std::process::exit`, C's `exit`) waits until
/// the queued messages of dropped sockets are sent, or their linger periods have passed: by default
/// 30 seconds after each drop. So a message to an unreachable peer delays the end.
/// - This includes the global context, other contexts, and dropped contexts.
/// - It does not wait for open sockets (in another thread, in a `static`, leaked), and does not
///   shut them down. Their queued messages are lost.
/// - [`set_wait_at_exit`](Self::set_wait_at_exit) and [`CtxBuilder::wait_at_exit`] switch it off
///   for a context. A short [`Linger`](crate::opt::Linger) shortens it for a socket.
/// - `abort`, `_exit`, `quick_exit`, and a signal that ends the process do not wait.
/// - If `exit` is called on an I/O thread, in the drop of a message's owner, that thread stops. Its
///   queued messages are lost, and the end of the process waits for their linger periods.
/// - A forked child waits for its own contexts, not for those of its parent.
/// - With another libzmq than the vendored one it waits for dropped contexts only. Call
///   [`terminate_global`](Self::terminate_global) before the end.
/// - A DLL on Windows does not wait, because the system has ended the I/O threads by then.
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
/// A child process of `fork` cannot use the contexts and sockets of its parent: every call returns
/// [`Forked`](ErrorKind::Forked), and dropping them does nothing. It can create its own contexts,
/// and has its own global context.
///
/// # C API
/// `zmq_ctx_new`, `zmq_ctx_set`, `zmq_ctx_get`, `zmq_ctx_shutdown`, `zmq_ctx_term`. Unlike in C,
/// IPv6 is on.
#[doc(alias = "Context")]
pub struct Ctx {
    /// Taken by `terminate` only.
    context: Option<Arc<Context>>,
}

/// A handle of a context, which does not own it. Builders take it to create sockets.
///
/// A handle is a number. It may outlive the context; then calls with it return
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

/// The global context. A forked child has its own.
static GLOBAL: PerProcess<Mutex<Option<Ctx>>> =
    PerProcess::new([const { Mutex::new(None) }; GENERATIONS]);

const IO_THREADS: ContextOption = ContextOption(sys::ZMQ_IO_THREADS as i32);
const MAX_SOCKETS: ContextOption = ContextOption(sys::ZMQ_MAX_SOCKETS as i32);
const SOCKET_LIMIT: ContextOption = ContextOption(sys::ZMQ_SOCKET_LIMIT as i32);

impl Ctx {
    /// Creates a context with the default options.
    ///
    /// The I/O threads start with the first socket. If the process has no file descriptor left,
    /// creating a socket returns an error.
    #[doc(alias = "zmq_ctx_new")]
    pub fn new() -> Self {
        let context = Context::new();
        // It fails only if nothing else works either.
        let _ = context.set(ContextOption(sys::ZMQ_IPV6 as i32), 1);
        Self { context: Some(context) }
    }

    /// Returns a handle, which builders take to create sockets in this context.
    pub fn handle(&self) -> CtxHandle {
        CtxHandle(self.context.as_ref().map_or(0, |context| context.number()))
    }

    /// Returns a handle of the global context, in which builders create sockets by default.
    ///
    /// The first call creates the global context. It lives until the end of the process or until
    /// [`terminate_global`](Self::terminate_global).
    ///
    /// ```
    /// use libzmq::{Client, Ctx};
    ///
    /// assert_eq!(Client::new().unwrap().ctx(), Ctx::global());
    /// ```
    #[doc(alias = "instance")]
    pub fn global() -> CtxHandle {
        global().get_or_insert_with(Self::new).handle()
    }

    /// Terminates the global context like [`terminate`](Self::terminate), blocking until the queued
    /// messages of its sockets are sent. The next use creates another global context.
    ///
    /// A normal [end of the process](Self#at-the-end-of-the-process) waits as well. Call this if
    /// the program ends in another way, or goes on.
    ///
    /// # Errors
    /// [`WouldBlock`](ErrorKind::WouldBlock) if sockets of the global context are open. Nothing has
    /// changed then.
    ///
    /// # C API
    /// `zmq_ctx_term`
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
        // Without the lock: others may create a new global context while this one still sends.
        if let Some(ctx) = ctx {
            ctx.finish();
        }
        Ok(())
    }

    /// Terminates the context, blocking until the queued messages of its sockets are sent or their
    /// linger periods have passed.
    ///
    /// If other threads use sockets of the context, call [`shutdown`](Self::shutdown) and join the
    /// threads first.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let ctx = Ctx::new();
    /// let client = ClientBuilder::new().build_in(&ctx)?;
    /// let mut error = ctx.terminate().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::WouldBlock);
    ///
    /// drop(client);
    /// error.take().unwrap().terminate()?;
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`WouldBlock`](ErrorKind::WouldBlock) if sockets are open, since it could block without end.
    /// Nothing has changed then, and the error contains the context.
    ///
    /// # C API
    /// `zmq_ctx_term`
    #[doc(alias = "zmq_ctx_term")]
    #[doc(alias = "term")]
    #[doc(alias = "destroy")]
    pub fn terminate(self) -> Result<(), Error<Self>> {
        if !self.seal() {
            return Err(still_open(self.context.as_deref()).giving_back(self));
        }
        self.finish();
        Ok(())
    }

    /// Makes the context refuse new sockets, unless sockets are open.
    fn seal(&self) -> bool {
        self.context.as_ref().is_none_or(|context| context.seal())
    }

    /// Terminates a sealed context.
    fn finish(mut self) {
        self.handle().end_services();
        if let Some(context) = self.context.take() {
            context.terminate();
        }
    }

    /// Makes every call on the sockets of the context return [`InvalidCtx`](ErrorKind::InvalidCtx):
    /// the calls that threads are blocked in, and later ones.
    ///
    /// Does not block. Calls that do not block may still succeed for about a millisecond. After
    /// that the sockets can only be dropped. Any thread may call this, any number of times.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let ctx = Ctx::new();
    /// let server = ServerBuilder::new().build_in(&ctx)?;
    /// ctx.shutdown();
    /// assert_eq!(server.recv_msg().unwrap_err().kind(), ErrorKind::InvalidCtx);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # C API
    /// `zmq_ctx_shutdown`
    #[doc(alias = "zmq_ctx_shutdown")]
    pub fn shutdown(&self) {
        self.handle().shutdown();
    }

    /// Returns the number of I/O threads. The default is 1.
    #[doc(alias = "zmq_ctx_get")]
    #[doc(alias = "ZMQ_IO_THREADS_DFLT")]
    pub fn io_threads(&self) -> i32 {
        self.handle().io_threads()
    }

    /// Sets the number of I/O threads: 0 to 64.
    ///
    /// One I/O thread is enough for each gigabyte of traffic per second. Without I/O threads only
    /// inproc works. Set it before the first socket is created; later values have no effect.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for other numbers.
    ///
    /// # C API
    /// `ZMQ_IO_THREADS`
    pub fn set_io_threads(&self, nb_threads: i32) -> Result<(), Error> {
        self.handle().set_io_threads(nb_threads)
    }

    /// Returns the maximum number of open sockets. The default is 1023.
    #[doc(alias = "ZMQ_MAX_SOCKETS_DFLT")]
    pub fn max_sockets(&self) -> i32 {
        self.handle().max_sockets()
    }

    /// Sets the maximum number of open sockets: 1 to [`socket_limit`](Self::socket_limit).
    ///
    /// Set it before the first socket is created; later values have no effect.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for other numbers.
    ///
    /// # C API
    /// `ZMQ_MAX_SOCKETS`
    pub fn set_max_sockets(&self, max: i32) -> Result<(), Error> {
        self.handle().set_max_sockets(max)
    }

    /// Returns the largest value that [`set_max_sockets`](Self::set_max_sockets) accepts.
    #[doc(alias = "ZMQ_SOCKET_LIMIT")]
    pub fn socket_limit(&self) -> i32 {
        self.handle().socket_limit()
    }

    /// Returns whether the [end of the process](Self#at-the-end-of-the-process) waits for this
    /// context. The default is `true`.
    pub fn wait_at_exit(&self) -> bool {
        self.handle().wait_at_exit()
    }

    /// Sets whether the [end of the process](Self#at-the-end-of-the-process) waits for this
    /// context, at any time.
    ///
    /// # Errors
    /// [`InvalidCtx`](ErrorKind::InvalidCtx) if the context was shut down.
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

/// Returns the error that lists the open sockets by type.
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
    /// Returns the context if it exists.
    pub(crate) fn context(self) -> Result<Arc<Context>, Error> {
        Context::find(self.0).map_err(|errno| Error::c(errno, "use context"))
    }

    pub(crate) fn of(context: &Context) -> Self {
        Self(context.number())
    }

    /// Returns the number of I/O threads, or 0 after the context was dropped. See
    /// [`Ctx::io_threads`].
    pub fn io_threads(self) -> i32 {
        self.get(IO_THREADS)
    }

    /// Sets the number of I/O threads. See [`Ctx::set_io_threads`].
    ///
    /// # Errors
    /// Those of `Ctx::set_io_threads`, and [`InvalidCtx`](ErrorKind::InvalidCtx) after the context
    /// was dropped.
    pub fn set_io_threads(self, nb_threads: i32) -> Result<(), Error> {
        CtxBuilder::new().io_threads(nb_threads).apply(self)
    }

    /// Returns the maximum number of open sockets, or 0 after the context was dropped. See
    /// [`Ctx::max_sockets`].
    pub fn max_sockets(self) -> i32 {
        self.get(MAX_SOCKETS)
    }

    /// Sets the maximum number of open sockets. See [`Ctx::set_max_sockets`].
    ///
    /// # Errors
    /// Those of `Ctx::set_max_sockets`, and [`InvalidCtx`](ErrorKind::InvalidCtx) after the context
    /// was dropped.
    pub fn set_max_sockets(self, max: i32) -> Result<(), Error> {
        CtxBuilder::new().max_sockets(max).apply(self)
    }

    /// Returns the largest maximum of open sockets, or 0 after the context was dropped. See
    /// [`Ctx::socket_limit`].
    pub fn socket_limit(self) -> i32 {
        self.get(SOCKET_LIMIT)
    }

    /// Returns whether the end of the process waits for the context; `false` after the context was
    /// dropped. See [`Ctx::wait_at_exit`].
    pub fn wait_at_exit(self) -> bool {
        self.context().is_ok_and(|context| context.waits_at_exit())
    }

    /// Sets whether the end of the process waits for the context. See [`Ctx::set_wait_at_exit`].
    ///
    /// # Errors
    /// [`InvalidCtx`](ErrorKind::InvalidCtx) after the context was dropped.
    pub fn set_wait_at_exit(self, wait: bool) -> Result<(), Error> {
        CtxBuilder::new().wait_at_exit(wait).apply(self)
    }

    fn get(self, option: ContextOption) -> i32 {
        self.context().ok().and_then(|context| context.get(option).ok()).unwrap_or(0)
    }

    /// Shuts the context down. Does nothing after the context was dropped. See [`Ctx::shutdown`].
    pub fn shutdown(self) {
        if let Ok(context) = self.context() {
            // It fails only for a context that cannot be used anyway.
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
