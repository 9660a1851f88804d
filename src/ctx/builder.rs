//! The builder of contexts.

use libzmq_sys as sys;

use super::{Ctx, CtxHandle};
use crate::{
    error::{Error, ErrorKind},
    raw::{Context, ContextOption, allowed_cpu, allowed_policy},
};

/// The configuration of a context, which is its builder.
pub type CtxConfig = CtxBuilder;

/// Builds a [`Ctx`] with options, or sets the options of an existing one.
///
/// With the feature `serde` it can be serialized and deserialized.
///
/// ```
/// use libzmq::CtxBuilder;
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let ctx = CtxBuilder::new().io_threads(2).max_sockets(5000).build()?;
/// assert_eq!(ctx.io_threads(), 2);
/// assert_eq!(ctx.max_sockets(), 5000);
/// #     Ok(())
/// # }
/// ```
///
/// Values that would make libzmq abort the process when its threads start return an error:
///
/// ```
/// # use libzmq::CtxBuilder;
/// assert!(CtxBuilder::new().io_threads(1_000_000).build().is_err());
/// assert!(CtxBuilder::new().thread_affinity([100_000]).build().is_err());
/// ```
///
/// # C API
/// `zmq_ctx_set` and `zmq_ctx_set_ext`. All options except `ipv6` and `max_msg_size` must be set
/// before the first socket of the context is created; later values have no effect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[doc(alias = "zmq_ctx_set")]
pub struct CtxBuilder {
    io_threads: Option<i32>,
    max_sockets: Option<i32>,
    max_msg_size: Option<i32>,
    ipv6: Option<bool>,
    zero_copy_recv: Option<bool>,
    thread_name_prefix: Option<String>,
    thread_affinity: Vec<usize>,
    thread_scheduling: Option<(i32, i32)>,
    wait_at_exit: Option<bool>,
}

impl CtxBuilder {
    /// Creates a builder with the default options.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates the context.
    ///
    /// # Errors
    /// Those of [`apply`](Self::apply).
    pub fn build(&self) -> Result<Ctx, Error> {
        let ctx = Ctx::new();
        self.apply(ctx.handle())?;
        Ok(ctx)
    }

    /// Sets the options of an existing context.
    ///
    /// # Errors
    /// - [`InvalidInput`](ErrorKind::InvalidInput) for a value out of range, or a value that the
    ///   system does not allow
    /// - [`InvalidCtx`](ErrorKind::InvalidCtx) if the context was shut down or dropped
    pub fn apply(&self, handle: CtxHandle) -> Result<(), Error> {
        let context = handle.context()?;
        self.check(handle.socket_limit())?;

        let set = |option: u32, value: Option<i32>, operation| {
            let Some(value) = value else { return Ok(()) };
            context
                .set(ContextOption(option as i32), value)
                .map_err(|errno| Error::c(errno, operation).about(value))
        };
        set(sys::ZMQ_IO_THREADS, self.io_threads, "set io_threads")?;
        set(sys::ZMQ_MAX_SOCKETS, self.max_sockets, "set max_sockets")?;
        set(sys::ZMQ_MAX_MSGSZ, self.max_msg_size, "set max_msg_size")?;
        set(sys::ZMQ_IPV6, self.ipv6.map(i32::from), "set ipv6")?;
        set(sys::ZMQ_ZERO_COPY_RECV, self.zero_copy_recv.map(i32::from), "set zero_copy_recv")?;
        for &cpu in &self.thread_affinity {
            set(sys::ZMQ_THREAD_AFFINITY_CPU_ADD, i32::try_from(cpu).ok(), "set thread_affinity")?;
        }
        let (policy, priority) = self.thread_scheduling.unzip();
        set(sys::ZMQ_THREAD_SCHED_POLICY, policy, "set thread_scheduling")?;
        set(sys::ZMQ_THREAD_PRIORITY, priority, "set thread_scheduling")?;
        if let Some(wait) = self.wait_at_exit {
            context.set_waits_at_exit(wait);
        }
        self.apply_name(&context)
    }

    fn apply_name(&self, context: &Context) -> Result<(), Error> {
        let Some(prefix) = &self.thread_name_prefix else { return Ok(()) };
        let mut bytes = prefix.clone().into_bytes();
        if bytes.len() == size_of::<i32>() {
            // libzmq takes 4 bytes for a number. It prints the prefix up to a NUL.
            bytes.push(0);
        }
        context
            .set_bytes(ContextOption(sys::ZMQ_THREAD_NAME_PREFIX as i32), &bytes)
            .map_err(|errno| Error::c(errno, "set thread_name_prefix").about(prefix))
    }

    /// Refuses values that libzmq accepts now and aborts for when its threads start.
    fn check(&self, socket_limit: i32) -> Result<(), Error> {
        let refuse = |why, operation, value: &dyn std::fmt::Debug| {
            Err(Error::new(ErrorKind::InvalidInput(why), operation)
                .about(format_args!("{value:?}")))
        };
        if let Some(threads) = self.io_threads.filter(|threads| !(0..=64).contains(threads)) {
            return refuse("a context has 0 to 64 I/O threads", "set io_threads", &threads);
        }
        if let Some(max) = self.max_sockets.filter(|max| !(1..=socket_limit).contains(max)) {
            return refuse(
                "a context has from 1 to `socket_limit` sockets",
                "set max_sockets",
                &max,
            );
        }
        if let Some(size) = self.max_msg_size.filter(|size| *size < 0) {
            return refuse("a size is not negative", "set max_msg_size", &size);
        }
        if let Some(cpu) = self.thread_affinity.iter().find(|cpu| !allowed_cpu(**cpu)) {
            return refuse("the process may not run on that processor", "set thread_affinity", cpu);
        }
        if let Some(asked) =
            self.thread_scheduling.filter(|(policy, priority)| !allowed_policy(*policy, *priority))
        {
            return refuse(
                "the system does not grant that policy and priority",
                "set thread_scheduling",
                &asked,
            );
        }
        if let Some(prefix) =
            self.thread_name_prefix.as_ref().filter(|prefix| !is_name_prefix(prefix))
        {
            return refuse(
                "a prefix is 1 to 16 bytes long, without a NUL",
                "set thread_name_prefix",
                prefix,
            );
        }
        Ok(())
    }

    /// Sets the number of I/O threads, like [`Ctx::set_io_threads`].
    #[doc(alias = "ZMQ_IO_THREADS")]
    pub fn io_threads(&mut self, value: i32) -> &mut Self {
        self.io_threads = Some(value);
        self
    }

    /// Sets the maximum number of sockets, like [`Ctx::set_max_sockets`].
    #[doc(alias = "ZMQ_MAX_SOCKETS")]
    pub fn max_sockets(&mut self, value: i32) -> &mut Self {
        self.max_sockets = Some(value);
        self
    }

    /// Sets the maximum size of a message in bytes: 0 to 2147483647 (the default).
    ///
    /// libzmq 4.3.5 stores the value and does not use it. Use the option
    /// [`MaxMsgSize`](crate::opt::MaxMsgSize) of the sockets.
    #[doc(alias = "ZMQ_MAX_MSGSZ")]
    pub fn max_msg_size(&mut self, bytes: i32) -> &mut Self {
        self.max_msg_size = Some(bytes);
        self
    }

    /// Sets whether sockets that are created later use IPv6 besides IPv4. The default is `true` (C:
    /// `false`).
    #[doc(alias = "ZMQ_IPV6")]
    pub fn ipv6(&mut self, enabled: bool) -> &mut Self {
        self.ipv6 = Some(enabled);
        self
    }

    /// Sets whether received messages share the buffer that the I/O thread has read them into. The
    /// default is `true`.
    ///
    /// A message that the program keeps then keeps the whole buffer of at least 8 KiB. With `false`
    /// the I/O thread copies each message.
    #[doc(alias = "ZMQ_ZERO_COPY_RECV")]
    pub fn zero_copy_recv(&mut self, enabled: bool) -> &mut Self {
        self.zero_copy_recv = Some(enabled);
        self
    }

    /// Sets the prefix of the names of the context's threads: 1 to 16 bytes without a NUL. The
    /// system shows the first 15 bytes of a thread's name.
    #[doc(alias = "zmq_ctx_set_ext")]
    #[doc(alias = "ZMQ_THREAD_NAME_PREFIX")]
    pub fn thread_name_prefix(&mut self, prefix: impl Into<String>) -> &mut Self {
        self.thread_name_prefix = Some(prefix.into());
        self
    }

    /// Sets the numbers of the processors that the I/O threads run on. Linux only.
    #[doc(alias = "ZMQ_THREAD_AFFINITY_CPU_ADD")]
    pub fn thread_affinity(&mut self, cpus: impl IntoIterator<Item = usize>) -> &mut Self {
        self.thread_affinity = cpus.into_iter().collect();
        self
    }

    /// Sets the scheduling policy and the priority of the I/O threads. Unix only.
    ///
    /// `policy` is a number of `pthread_setschedparam`, such as `SCHED_FIFO`. The priority of
    /// `SCHED_FIFO` and `SCHED_RR` is in the range of the system, that of other policies is 0.
    /// Flags such as `SCHED_RESET_ON_FORK` are allowed with the other policies only.
    ///
    /// The I/O threads start with the first socket of the context. If the process is not allowed to
    /// use the policy by then, they keep their policy.
    #[doc(alias = "ZMQ_THREAD_PRIORITY")]
    #[doc(alias = "ZMQ_THREAD_PRIORITY_DFLT")]
    #[doc(alias = "ZMQ_THREAD_SCHED_POLICY")]
    #[doc(alias = "ZMQ_THREAD_SCHED_POLICY_DFLT")]
    pub fn thread_scheduling(&mut self, policy: i32, priority: i32) -> &mut Self {
        self.thread_scheduling = Some((policy, priority));
        self
    }

    /// Sets whether the end of the process waits for the context, like [`Ctx::set_wait_at_exit`].
    pub fn wait_at_exit(&mut self, wait: bool) -> &mut Self {
        self.wait_at_exit = Some(wait);
        self
    }

    /// Sets the number of I/O threads, or removes it from the builder.
    pub fn set_io_threads(&mut self, value: Option<i32>) {
        self.io_threads = value;
    }

    /// Sets the maximum number of sockets, or removes it from the builder.
    pub fn set_max_sockets(&mut self, value: Option<i32>) {
        self.max_sockets = value;
    }
}

fn is_name_prefix(prefix: &str) -> bool {
    (1..=16).contains(&prefix.len()) && !prefix.contains('\0')
}
