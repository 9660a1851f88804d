//! Errors.

use std::{convert::Infallible, error, fmt, io, sync::Arc, time::Duration};

use libzmq_sys as sys;

use crate::raw::Errno;

/// Why a call failed.
///
/// | Kind | Causes | What to do |
/// |:---|:---|:---|
/// | [`WouldBlock`] | nothing to receive, a full queue, no peer, until the timeout | try later |
/// | [`HostUnreachable`] | the peer of the routing id or identity has gone | forget the peer |
/// | | `connect_and_wait`: no connection was made | read its source |
/// | [`InvalidCtx`] | the context was shut down, terminated or dropped | end the thread or task |
/// | [`Stopped`] | [`stop_receiving`] or a [`Stopper`] | send the last replies, and end |
/// | | a call on the handle of a service that has ended | end the thread or task |
/// | [`Interrupted`] | never today | call again |
/// | [`Refused`] | `connect_and_wait`: the peer refused, or is not compatible | read its source |
/// | [`AddrInUse`] | `bind`: another socket listens there | end the other, or bind port `*` |
/// | [`AddrNotAvailable`] | `bind`: not an address of this machine | bind `*` or a local address |
/// | [`NotFound`] | `unbind`, `leave` of what is not there | pass what [`last_endpoint`] returned |
/// | [`SocketLimit`] | too many sockets or descriptors | raise [`max_sockets`] or `ulimit -n` |
/// | [`InvalidInput`] | a bad endpoint, a value out of range | the error says what is allowed |
/// | [`WrongState`] | a `Req` sends or a `Rep` receives twice | take turns, or use a [`Client`] |
/// | [`Unsupported`] | a feature or transport that is missing | the error names what adds it |
/// | [`Forked`] | a child process uses sockets of its parent | create them after the fork |
/// | [`Multipart`] | a call for one frame met several | [`recv_multipart`] receives that message |
/// | [`Os`] | the system refused: permissions, a missing directory | the error has its text |
///
/// [`Error::is_timeout`] tells whether a call that would block has waited. The guide's chapter
/// [Troubleshooting](crate::guide::troubleshooting) has the cases where no call fails.
///
/// [`AddrInUse`]: Self::AddrInUse
/// [`AddrNotAvailable`]: Self::AddrNotAvailable
/// [`Client`]: crate::Client
/// [`Forked`]: Self::Forked
/// [`HostUnreachable`]: Self::HostUnreachable
/// [`Interrupted`]: Self::Interrupted
/// [`InvalidCtx`]: Self::InvalidCtx
/// [`InvalidInput`]: Self::InvalidInput
/// [`Multipart`]: Self::Multipart
/// [`NotFound`]: Self::NotFound
/// [`Os`]: Self::Os
/// [`Refused`]: Self::Refused
/// [`SocketLimit`]: Self::SocketLimit
/// [`Stopped`]: Self::Stopped
/// [`Stopper`]: crate::Stopper
/// [`Unsupported`]: Self::Unsupported
/// [`WouldBlock`]: Self::WouldBlock
/// [`WrongState`]: Self::WrongState
/// [`last_endpoint`]: crate::prelude::Socket::last_endpoint
/// [`max_sockets`]: crate::CtxBuilder::max_sockets
/// [`recv_multipart`]: crate::prelude::RecvMultipart::recv_multipart
/// [`stop_receiving`]: crate::prelude::Receives::stop_receiving
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[doc(alias = "zmq_strerror")]
pub enum ErrorKind {
    /// The call would block, or its timeout has passed: no message is queued, or the socket is in
    /// its mute state. A later call may succeed.
    #[doc(alias = "EAGAIN")]
    #[error("the operation would block")]
    WouldBlock,
    /// The socket has no peer with the routing id or identity of the message, or no longer has it,
    /// or [`connect_and_wait`](crate::prelude::Monitored::connect_and_wait) could not
    /// reach the peer.
    #[doc(alias = "EHOSTUNREACH")]
    #[error("the peer is unreachable")]
    HostUnreachable,
    /// The context was shut down, terminated or dropped.
    #[doc(alias = "ETERM")]
    #[doc(alias = "ENOTSOCK")]
    #[error("the context was shut down")]
    InvalidCtx,
    /// The program has stopped receiving on the socket, with
    /// [`stop_receiving`](crate::prelude::Receives::stop_receiving) or a
    /// [`Stopper`](crate::Stopper).
    #[doc(alias = "ECANCELED")]
    #[error("the socket has stopped receiving")]
    Stopped,
    /// A signal interrupted the call. No call returns this today, because all continue after a
    /// signal.
    #[error("a signal interrupted the operation")]
    Interrupted,
    /// Another socket is bound to the address.
    #[doc(alias = "EADDRINUSE")]
    #[error("the address is in use")]
    AddrInUse,
    /// The address is not one of this machine, or its interface does not exist.
    #[doc(alias = "EADDRNOTAVAIL")]
    #[doc(alias = "ENODEV")]
    #[error("the address is not available")]
    AddrNotAvailable,
    /// The argument names something that does not exist, such as an endpoint to unbind from.
    #[doc(alias = "ENOENT")]
    #[error("not found: {0}")]
    NotFound(&'static str),
    /// The context has its maximum of sockets, or the process has its maximum of file descriptors.
    #[doc(alias = "EMFILE")]
    #[doc(alias = "ENFILE")]
    #[error("the limit of open sockets was reached")]
    SocketLimit,
    /// An argument is not allowed. The text says which ones are.
    #[doc(alias = "EINVAL")]
    #[doc(alias = "EFAULT")]
    #[error("invalid input: {0}")]
    InvalidInput(&'static str),
    /// The pattern of the socket does not allow the call now, such as a second request before the
    /// reply.
    #[doc(alias = "EFSM")]
    #[error("the operation is not allowed in the socket's current state")]
    WrongState,
    /// This libzmq, transport or socket type does not support the call. The text says what is
    /// needed.
    #[doc(alias = "ENOCOMPATPROTO")]
    #[doc(alias = "EPROTONOSUPPORT")]
    #[doc(alias = "ENOTSUP")]
    #[doc(alias = "EMTHREAD")]
    #[error("unsupported: {0}")]
    Unsupported(&'static str),
    /// The parent process created the object. A forked child needs its own context and sockets.
    #[error("the object belongs to the parent process")]
    Forked,
    /// A call that receives a single frame met a multipart message. The next `recv_multipart`
    /// returns it; another call for a single frame drops it.
    #[error("a multipart message arrived: call recv_multipart")]
    Multipart,
    /// The peer refused the connection, or the two peers are not compatible, with the cause. See
    /// [`connect_and_wait`](crate::prelude::Monitored::connect_and_wait).
    #[error("the connection was refused: {0}")]
    Refused(&'static str),
    /// Another error of the operating system or of libzmq, with its number.
    #[doc(alias = "EACCES")]
    #[doc(alias = "EAFNOSUPPORT")]
    #[doc(alias = "EBUSY")]
    #[doc(alias = "ECONNABORTED")]
    #[doc(alias = "ECONNREFUSED")]
    #[doc(alias = "ECONNRESET")]
    #[doc(alias = "EEXIST")]
    #[doc(alias = "EINPROGRESS")]
    #[doc(alias = "EMSGSIZE")]
    #[doc(alias = "ENETDOWN")]
    #[doc(alias = "ENETRESET")]
    #[doc(alias = "ENETUNREACH")]
    #[doc(alias = "ENOBUFS")]
    #[doc(alias = "ENOMEM")]
    #[doc(alias = "ENOTCONN")]
    #[doc(alias = "EPERM")]
    #[doc(alias = "EPIPE")]
    #[doc(alias = "EPROTO")]
    #[doc(alias = "ETIMEDOUT")]
    #[error("{}", Errno(*.0).message())]
    Os(i32),
}

impl ErrorKind {
    fn of(errno: Errno) -> Self {
        const NO_IO_THREAD: &str = "the context needs at least one I/O thread for this transport";
        const FAULT: &str = "the options set on the socket do not allow the call";

        let number = errno.0;
        match errno {
            Errno::AGAIN => return Self::WouldBlock,
            Errno::INTERRUPTED => return Self::Interrupted,
            Errno::TERMINATED => return Self::InvalidCtx,
            Errno::HOST_UNREACHABLE => return Self::HostUnreachable,
            Errno::INVALID => return Self::InvalidInput("libzmq refused the value"),
            Errno::FORKED => return Self::Forked,
            Errno::STOPPED => return Self::Stopped,
            _ => (),
        }
        match number {
            sys::EADDRINUSE => Self::AddrInUse,
            sys::EADDRNOTAVAIL => Self::AddrNotAvailable,
            sys::EFSM => Self::WrongState,
            sys::EMTHREAD => Self::Unsupported(NO_IO_THREAD),
            sys::EPROTONOSUPPORT => Self::Unsupported("this libzmq does not have the transport"),
            sys::ENOCOMPATPROTO => {
                Self::Unsupported("the transport does not carry this type of socket")
            }
            sys::ENOTSUP => Self::Unsupported("this type of socket does not do that"),
            sys::ENOTSOCK => Self::InvalidCtx,
            libc::ENODEV => Self::AddrNotAvailable,
            libc::EMFILE | libc::ENFILE => Self::SocketLimit,
            libc::EFAULT => Self::InvalidInput(FAULT),
            _ => Self::Os(number),
        }
    }
}

/// The error of a call: its kind, the operation, the text that it failed on, and the content that
/// the call did not use.
///
/// The error of a failed [`send`](crate::prelude::SendMsg::send) contains the message:
///
/// ```
/// use libzmq::prelude::*;
///
/// # fn main() -> Result<(), anyhow::Error> {
/// // No peer is connected.
/// let client = Client::new()?;
///
/// let mut error = client.try_send("precious").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::WouldBlock);
/// let msg: Msg = error.take().unwrap();
/// assert_eq!(msg.to_str()?, "precious");
/// #     Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error<T = ()> {
    why: Why,
    operation: &'static str,
    /// Behind one pointer, because `WouldBlock` is common and should be small.
    details: Option<Box<Details>>,
    content: Option<T>,
}

/// The kind, or the period of a timeout, which needs no allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Kind(ErrorKind),
    /// [`ErrorKind::WouldBlock`] after a timeout of this many milliseconds.
    TimedOut(u32),
}

/// The parts that only some errors have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Details {
    /// The text that the operation failed on.
    text: Option<Box<str>>,
    /// What to do about it, if the kind does not say so.
    cure: Option<&'static str>,
    source: Option<Source>,
}

/// The error that caused this one.
#[derive(Clone, Debug)]
struct Source(Arc<dyn error::Error + Send + Sync>);

/// Compares the texts.
impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_string() == other.0.to_string()
    }
}

impl Eq for Source {}

impl Error {
    pub(crate) fn new(kind: ErrorKind, operation: &'static str) -> Self {
        Self { why: Why::Kind(kind), operation, details: None, content: None }
    }

    pub(crate) fn c(errno: Errno, operation: &'static str) -> Self {
        Self::new(ErrorKind::of(errno), operation)
    }

    /// An error of the system in an operation that libzmq has no part in.
    pub(crate) fn system(error: io::Error, operation: &'static str) -> Self {
        Self::new(ErrorKind::Os(Errno::of_system(&error).0), operation).caused_by(error)
    }

    pub(crate) fn invalid(why: &'static str, operation: &'static str) -> Self {
        Self::new(ErrorKind::InvalidInput(why), operation)
    }

    pub(crate) fn giving_back<T>(self, content: T) -> Error<T> {
        Error {
            why: self.why,
            operation: self.operation,
            details: self.details,
            content: Some(content),
        }
    }
}

impl<T> Error<T> {
    /// Adds the text that the operation failed on.
    pub(crate) fn about(mut self, text: impl fmt::Display) -> Self {
        self.details().text = Some(text.to_string().into());
        self
    }

    /// Adds the period of a timeout.
    pub(crate) fn waited(mut self, period: Option<Duration>) -> Self {
        if let (ErrorKind::WouldBlock, Some(period)) = (self.kind(), period) {
            let milliseconds = period.as_nanos().div_ceil(1_000_000);
            self.why = Why::TimedOut(u32::try_from(milliseconds).unwrap_or(u32::MAX));
        }
        self
    }

    /// Adds what to do about it.
    pub(crate) fn cured_by(mut self, cure: &'static str) -> Self {
        self.details().cure = Some(cure);
        self
    }

    /// Adds the error that caused this one.
    pub(crate) fn caused_by(mut self, source: impl error::Error + Send + Sync + 'static) -> Self {
        self.details().source = Some(Source(Arc::new(source)));
        self
    }

    fn details(&mut self) -> &mut Details {
        self.details.get_or_insert_default()
    }

    /// Returns the kind of the error.
    pub fn kind(&self) -> ErrorKind {
        match self.why {
            Why::Kind(kind) => kind,
            Why::TimedOut(_) => ErrorKind::WouldBlock,
        }
    }

    /// Returns whether the call would block, or its [timeout](Self::is_timeout) has passed. A later
    /// call may succeed.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let error = Server::new()?.try_recv_msg().unwrap_err();
    /// assert!(error.is_would_block() && !error.is_timeout());
    /// #     Ok(())
    /// # }
    /// ```
    pub fn is_would_block(&self) -> bool {
        self.kind() == ErrorKind::WouldBlock
    }

    /// Returns whether the call blocked until the socket's timeout or its own limit has passed. The
    /// kind is [`WouldBlock`](ErrorKind::WouldBlock).
    ///
    /// ```
    /// use libzmq::prelude::*;
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = ServerBuilder::new().recv_timeout(Duration::from_millis(20)).build()?;
    /// let error = server.recv_msg().unwrap_err();
    /// assert!(error.is_timeout());
    /// assert_eq!(error.to_string(), "receive: timed out after 20 ms");
    /// #     Ok(())
    /// # }
    /// ```
    pub fn is_timeout(&self) -> bool {
        matches!(self.why, Why::TimedOut(_))
    }

    /// Returns whether the program has ended the call: the context was shut down, or the program
    /// has [stopped receiving](crate::prelude::Receives::stop_receiving).
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let ctx = Ctx::new();
    /// let server = Server::with_ctx(ctx.handle())?;
    /// ctx.shutdown();
    /// assert!(server.recv_msg().unwrap_err().is_shutdown());
    /// #     Ok(())
    /// # }
    /// ```
    pub fn is_shutdown(&self) -> bool {
        matches!(self.kind(), ErrorKind::InvalidCtx | ErrorKind::Stopped)
    }

    /// Returns the operation that failed, such as `"bind"`, `"set recv_timeout"` or `"get linger"`.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Returns the text that the operation failed on, such as an endpoint or a value.
    pub fn text(&self) -> Option<&str> {
        self.details.as_ref()?.text.as_deref()
    }

    /// Returns the content that the call did not use: the message that was not sent.
    pub fn content(&self) -> Option<&T> {
        self.content.as_ref()
    }

    /// Returns the content, like [`content`](Self::content).
    pub fn get(&self) -> Option<&T> {
        self.content.as_ref()
    }

    /// Takes the content that the call did not use: the message that was not sent.
    pub fn take_content(&mut self) -> Option<T> {
        self.content.take()
    }

    /// Takes the content, like [`take_content`](Self::take_content).
    pub fn take(&mut self) -> Option<T> {
        self.content.take()
    }

    /// Drops the content.
    pub fn cast(self) -> Error {
        self.cast_into()
    }

    /// Drops the content, and converts into an error with another type of content.
    pub fn cast_into<I>(self) -> Error<I> {
        Error { why: self.why, operation: self.operation, details: self.details, content: None }
    }
}

impl<T> fmt::Display for Error<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.operation)?;
        if let Some(text) = self.text() {
            write!(f, " {text:?}")?;
        }
        match self.why {
            Why::Kind(kind) => write!(f, ": {kind}")?,
            Why::TimedOut(ms) if ms % 1000 == 0 => write!(f, ": timed out after {} s", ms / 1000)?,
            Why::TimedOut(ms) => write!(f, ": timed out after {ms} ms")?,
        }
        match self.details.as_ref().and_then(|details| details.cure) {
            Some(cure) => write!(f, ": {cure}"),
            None => Ok(()),
        }
    }
}

impl<T> fmt::Debug for Error<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("operation", &self.operation)
            .field("text", &self.text())
            .field("content", &self.content.as_ref().map(|_| ".."))
            .finish()
    }
}

/// The source is the error that was converted into this one, or the error of the system.
impl<T> error::Error for Error<T> {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        let source = self.details.as_ref()?.source.as_ref()?;
        Some(&*source.0)
    }
}

impl<T> From<Infallible> for Error<T> {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl<T> From<Error<T>> for io::Error {
    fn from(error: Error<T>) -> Self {
        let kind = match error.kind() {
            ErrorKind::WouldBlock => io::ErrorKind::WouldBlock,
            ErrorKind::HostUnreachable => io::ErrorKind::HostUnreachable,
            ErrorKind::InvalidCtx => io::ErrorKind::NotConnected,
            ErrorKind::Stopped => io::ErrorKind::UnexpectedEof,
            ErrorKind::Interrupted => io::ErrorKind::Interrupted,
            ErrorKind::AddrInUse => io::ErrorKind::AddrInUse,
            ErrorKind::AddrNotAvailable => io::ErrorKind::AddrNotAvailable,
            ErrorKind::NotFound(_) => io::ErrorKind::NotFound,
            ErrorKind::InvalidInput(_) => io::ErrorKind::InvalidInput,
            ErrorKind::Unsupported(_) => io::ErrorKind::Unsupported,
            ErrorKind::Multipart => io::ErrorKind::InvalidData,
            ErrorKind::Refused(_) => io::ErrorKind::ConnectionRefused,
            // The standard library knows the kind of the system's errors.
            ErrorKind::Os(number) => Errno(number).io_kind(),
            ErrorKind::SocketLimit | ErrorKind::WrongState | ErrorKind::Forked => {
                io::ErrorKind::Other
            }
        };
        Self::new(kind, error.cast())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_errno_is_an_error_not_a_panic() {
        for number in (-2..5000).chain(156_384_700..156_384_800).chain([i32::MIN, i32::MAX]) {
            let error = Error::c(Errno(number), "test");
            assert!(!error.to_string().is_empty());
            let _ = io::Error::from(error);
        }
    }

    #[test]
    fn an_unknown_errno_keeps_its_number() {
        assert_eq!(Error::c(Errno(libc::EACCES), "bind").kind(), ErrorKind::Os(libc::EACCES));
        let error = io::Error::from(Error::c(Errno(libc::EACCES), "bind").about("ipc:///root/x"));
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
        assert!(error.to_string().contains("ipc:///root/x"), "{error}");
    }
}
