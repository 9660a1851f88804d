//! The C API with a thin layer that keeps the cases short. An error is its `errno`.

use std::ffi::{CStr, CString, c_int, c_void};
use std::mem::MaybeUninit;
use std::net::Ipv4Addr;
use std::thread;
use std::time::{Duration, Instant};

pub(crate) use libzmq_sys::*;

/// Calls a C function.
macro_rules! c {
    ($function:ident($($argument:expr),* $(,)?)) => {
        // SAFETY: the cases use sockets, contexts and messages only while they are open, one thread
        // at a time where the type of socket is not thread-safe, and the pointers given here are to
        // live values of the declared types.
        unsafe { libzmq_sys::$function($($argument),*) }
    };
}

pub(crate) type Result<T = ()> = std::result::Result<T, c_int>;

fn errno() -> c_int {
    c!(zmq_errno())
}

fn done(rc: c_int) -> Result<usize> {
    usize::try_from(rc).map_err(|_| errno())
}

fn int(value: impl Into<i64>) -> c_int {
    c_int::try_from(value.into()).expect("a constant of zmq.h")
}

pub(crate) const DONTWAIT: c_int = ZMQ_DONTWAIT as c_int;
pub(crate) const SNDMORE: c_int = ZMQ_SNDMORE as c_int;

#[derive(Clone, Copy)]
pub(crate) struct Ctx(pub(crate) *mut c_void);

// SAFETY: a context is thread-safe.
unsafe impl Send for Ctx {}
// SAFETY: as above.
unsafe impl Sync for Ctx {}

impl Ctx {
    pub(crate) fn new() -> Self {
        Self(c!(zmq_ctx_new()))
    }

    pub(crate) fn set(self, option: impl Into<i64>, value: c_int) {
        assert_eq!(c!(zmq_ctx_set(self.0, int(option), value)), 0);
    }

    pub(crate) fn socket(self, kind: impl Into<i64>) -> Sock {
        self.try_socket(kind).expect("a socket")
    }

    pub(crate) fn try_socket(self, kind: impl Into<i64>) -> Result<Sock> {
        let socket = c!(zmq_socket(self.0, int(kind)));
        if socket.is_null() {
            return Err(errno());
        }
        let socket = Sock(socket);
        socket.set(ZMQ_LINGER, 0);
        Ok(socket)
    }

    pub(crate) fn shutdown(self) {
        assert_eq!(c!(zmq_ctx_shutdown(self.0)), 0);
    }

    pub(crate) fn term(self) -> Result<usize> {
        done(c!(zmq_ctx_term(self.0)))
    }
}

/// A socket that is closed only by an explicit call.
#[derive(Clone, Copy)]
pub(crate) struct Sock(pub(crate) *mut c_void);

// SAFETY: a case that shares a socket between threads takes one of a thread-safe type.
unsafe impl Send for Sock {}
// SAFETY: as above.
unsafe impl Sync for Sock {}

impl Sock {
    pub(crate) fn set(self, option: impl Into<i64>, value: c_int) {
        assert_eq!(self.try_set(option, &value.to_ne_bytes()), Ok(0));
    }

    pub(crate) fn try_set(self, option: impl Into<i64>, value: &[u8]) -> Result<usize> {
        done(c!(zmq_setsockopt(self.0, int(option), value.as_ptr().cast(), value.len())))
    }

    pub(crate) fn get(self, option: impl Into<i64>) -> c_int {
        let (mut value, mut size): (c_int, usize) = (0, size_of::<c_int>());
        let out = (&raw mut value).cast();
        assert_eq!(c!(zmq_getsockopt(self.0, int(option), out, &raw mut size)), 0);
        value
    }

    /// Makes the socket process what is in its mailbox.
    pub(crate) fn process(self) {
        self.get(ZMQ_EVENTS);
    }

    pub(crate) fn bind(self, endpoint: &str) -> Result<usize> {
        let endpoint = CString::new(endpoint).expect("no NUL");
        done(c!(zmq_bind(self.0, endpoint.as_ptr())))
    }

    pub(crate) fn unbind(self, endpoint: &str) -> Result<usize> {
        let endpoint = CString::new(endpoint).expect("no NUL");
        done(c!(zmq_unbind(self.0, endpoint.as_ptr())))
    }

    pub(crate) fn connect(self, endpoint: &str) -> Result<usize> {
        let endpoint = CString::new(endpoint).expect("no NUL");
        done(c!(zmq_connect(self.0, endpoint.as_ptr())))
    }

    pub(crate) fn disconnect(self, endpoint: &str) -> Result<usize> {
        let endpoint = CString::new(endpoint).expect("no NUL");
        done(c!(zmq_disconnect(self.0, endpoint.as_ptr())))
    }

    /// Binds, and returns the endpoint with the port or path that libzmq has chosen.
    pub(crate) fn bound(self, endpoint: &str) -> String {
        assert_eq!(self.bind(endpoint), Ok(0), "bind {endpoint}");
        self.last_endpoint()
    }

    pub(crate) fn last_endpoint(self) -> String {
        let mut text = [0u8; 512];
        let mut size = text.len();
        let option = int(ZMQ_LAST_ENDPOINT);
        assert_eq!(c!(zmq_getsockopt(self.0, option, text.as_mut_ptr().cast(), &raw mut size)), 0);
        CStr::from_bytes_until_nul(&text).expect("a string").to_string_lossy().into_owned()
    }

    pub(crate) fn join(self, group: &str) -> Result<usize> {
        let group = CString::new(group).expect("no NUL");
        done(c!(zmq_join(self.0, group.as_ptr())))
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn leave(self, group: &str) -> Result<usize> {
        let group = CString::new(group).expect("no NUL");
        done(c!(zmq_leave(self.0, group.as_ptr())))
    }

    pub(crate) fn send(self, body: &[u8], flags: c_int) -> Result<usize> {
        done(c!(zmq_send(self.0, body.as_ptr().cast(), body.len(), flags)))
    }

    pub(crate) fn recv(self, flags: c_int) -> Result<Msg> {
        let mut msg = Msg::new(b"");
        done(c!(zmq_msg_recv(&raw mut msg.0, self.0, flags))).map(|_| msg)
    }

    pub(crate) fn recv_within(self, time: Duration) -> Result<Msg> {
        self.set(ZMQ_RCVTIMEO, c_int::try_from(time.as_millis()).expect("a short time"));
        self.recv(0)
    }

    /// Receives the next message, as its frames.
    pub(crate) fn multipart(self) -> Vec<Vec<u8>> {
        let mut frames = vec![self.recv_within(SOON).expect("a message").body().to_vec()];
        while self.get(ZMQ_RCVMORE) == 1 {
            frames.push(self.recv(0).expect("the next frame").body().to_vec());
        }
        frames
    }

    pub(crate) fn send_msg(
        self,
        mut msg: Msg,
        flags: c_int,
    ) -> std::result::Result<usize, (c_int, Msg)> {
        done(c!(zmq_msg_send(&raw mut msg.0, self.0, flags))).map_err(|errno| (errno, msg))
    }

    pub(crate) fn send_to_group(self, group: &str, body: &[u8]) {
        let mut msg = Msg::new(body);
        assert_eq!(msg.set_group(group), Ok(0));
        assert!(self.send_msg(msg, 0).is_ok());
    }

    pub(crate) fn close(self) {
        assert_eq!(c!(zmq_close(self.0)), 0);
    }

    /// Events of this socket, from the other end of a monitor.
    pub(crate) fn monitor(self, ctx: Ctx, events: impl Into<i64>) -> Sock {
        let endpoint = format!("inproc://monitor-{:p}", self.0);
        let address = CString::new(&*endpoint).expect("no NUL");
        assert_eq!(c!(zmq_socket_monitor(self.0, address.as_ptr(), int(events))), 0);
        let reader = ctx.socket(ZMQ_PAIR);
        assert_eq!(reader.connect(&endpoint), Ok(0));
        reader
    }

    /// Has the socket's events published at an inproc endpoint.
    pub(crate) fn publish_events(
        self,
        endpoint: &str,
        events: impl Into<i64>,
        version: c_int,
        kind: impl Into<i64>,
    ) -> Result<usize> {
        let address = CString::new(endpoint).expect("no NUL");
        let events = u64::try_from(events.into()).expect("a constant of zmq.h");
        done(c!(zmq_socket_monitor_versioned(self.0, address.as_ptr(), events, version, int(kind))))
    }

    /// Has `pipes_stats` publish statistics, which no socket receives.
    pub(crate) fn watch_pipes(self) {
        assert_eq!(self.publish_events("inproc://pipes", ZMQ_EVENT_PIPES_STATS, 2, ZMQ_PUB), Ok(0));
    }

    pub(crate) fn pipes_stats(self) -> Result<usize> {
        done(c!(zmq_socket_monitor_pipes_stats(self.0)))
    }

    /// The next event of a monitor.
    pub(crate) fn event(self) -> u16 {
        let event = self.recv(0).expect("an event");
        self.recv(0).expect("its address");
        u16::from_ne_bytes([event.body()[0], event.body()[1]])
    }
}

pub(crate) struct Msg(pub(crate) zmq_msg_t);

impl Msg {
    pub(crate) fn new(body: &[u8]) -> Self {
        let mut msg = MaybeUninit::<zmq_msg_t>::uninit();
        let data = body.as_ptr().cast();
        assert_eq!(c!(zmq_msg_init_buffer(msg.as_mut_ptr(), data, body.len())), 0);
        // SAFETY: the line before initialised it.
        Self(unsafe { msg.assume_init() })
    }

    pub(crate) fn body(&self) -> &[u8] {
        let msg = &raw const self.0;
        let (data, size) = (c!(zmq_msg_data(msg.cast_mut())), c!(zmq_msg_size(msg)));
        // SAFETY: libzmq owns that many bytes there for as long as the message lives.
        unsafe { std::slice::from_raw_parts(data.cast(), size) }
    }

    /// Becomes a second reference to what another message has.
    pub(crate) fn copy(&mut self, from: &Self) {
        assert_eq!(c!(zmq_msg_copy(&raw mut self.0, (&raw const from.0).cast_mut())), 0);
    }

    pub(crate) fn property(&self, property: impl Into<i64>) -> c_int {
        c!(zmq_msg_get(&raw const self.0, int(property)))
    }

    pub(crate) fn group(&self) -> String {
        let group = c!(zmq_msg_group((&raw const self.0).cast_mut()));
        // SAFETY: a group is a string that ends in NUL.
        unsafe { CStr::from_ptr(group) }.to_string_lossy().into_owned()
    }

    pub(crate) fn set_group(&mut self, group: &str) -> Result<usize> {
        let group = CString::new(group).expect("no NUL");
        done(c!(zmq_msg_set_group(&raw mut self.0, group.as_ptr())))
    }

    pub(crate) fn routing_id(&self) -> u32 {
        c!(zmq_msg_routing_id((&raw const self.0).cast_mut()))
    }

    pub(crate) fn to(body: &[u8], routing_id: u32) -> Self {
        let mut msg = Self::new(body);
        assert_eq!(c!(zmq_msg_set_routing_id(&raw mut msg.0, routing_id)), 0);
        msg
    }
}

impl Drop for Msg {
    fn drop(&mut self) {
        c!(zmq_msg_close(&raw mut self.0));
    }
}

/// How long a case waits for what must happen: much longer than it takes, for a busy machine.
pub(crate) const SOON: Duration = Duration::from_secs(60);

/// How long nothing may happen where that is what a case checks. No event reports it.
pub(crate) const QUIET: Duration = Duration::from_millis(200);

/// Tries until there is a result.
pub(crate) fn eventually<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    while start.elapsed() < SOON {
        if let Some(result) = attempt() {
            return result;
        }
        thread::sleep(Duration::from_millis(2));
    }
    panic!("never: {what}");
}

/// Waits until the I/O threads have processed what sockets and peers gave them, for which there is
/// no event. On Linux that is when all other threads of the process have slept for a while, which a
/// busy machine only delays. Elsewhere, and where no file can be opened, it is a pause.
pub(crate) fn settle() {
    // The kernel of a busy machine may deliver data of a local connection some milliseconds late.
    settle_for(Duration::from_millis(50));
}

/// As [`settle`], where a case does it hundreds of times, and some of them suffice.
pub(crate) fn settle_briefly() {
    settle_for(Duration::from_millis(3));
}

fn settle_for(time: Duration) {
    if others_sleep().is_none() {
        return thread::sleep(QUIET);
    }
    let mut asleep_since = Instant::now();
    eventually("the other threads sleep", || {
        if others_sleep() != Some(true) {
            asleep_since = Instant::now();
        }
        (asleep_since.elapsed() >= time).then_some(())
    });
}

/// Whether all other threads of the process sleep. `None` if that cannot be known.
fn others_sleep() -> Option<bool> {
    let own = std::fs::read_link("/proc/thread-self").ok()?;
    let mut sleep = true;
    for task in std::fs::read_dir("/proc/self/task").ok()? {
        let task = task.ok()?.path();
        // A thread may have ended since it was listed.
        let Ok(stat) = std::fs::read_to_string(task.join("stat")) else { continue };
        let state = stat.rsplit_once(") ").map_or("", |(_, state)| state);
        sleep &= task.file_name() == own.file_name() || state.starts_with('S');
    }
    Some(sleep)
}

/// An endpoint to bind to whose port no other case is given while it is unbound. Linux has
/// addresses enough for each process.
pub(crate) fn apart(transport: &str) -> String {
    format!("{transport}://{}:*", address_apart())
}

pub(crate) fn address_apart() -> Ipv4Addr {
    if !cfg!(target_os = "linux") {
        return Ipv4Addr::LOCALHOST;
    }
    let [_, high, middle, low] = std::process::id().to_be_bytes();
    Ipv4Addr::new(127, high | 0x80, middle, low)
}

/// Bytes that the process has from malloc.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn allocated() -> usize {
    // SAFETY: it takes no arguments and only reads malloc's own counters.
    let info = unsafe { libc::mallinfo2() };
    // Large blocks are mappings of their own.
    info.uordblks + info.hblkhd
}

/// Whether [`allocated`] knows of what is allocated: a sanitizer has a malloc without counters.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn malloc_counts() -> bool {
    let before = allocated();
    let block = std::hint::black_box(vec![1u8; 1 << 20]);
    allocated() >= before + block.len()
}
