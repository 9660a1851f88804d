//! What the tests share: deadlines, retries, full queues, and the transports of a test.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod blocked;
pub mod foreign;
pub mod site;
pub mod zmtp;

use std::{
    io::{self, Write},
    net::{Ipv4Addr, TcpListener, UdpSocket},
    panic::Location,
    path::PathBuf,
    process,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use libzmq::{prelude::*, *};

/// How long a test may take. The slowest takes some seconds alone, and many times as long beside
/// the other tests and a compiler on two cores; the limit only has to end a test that hangs.
pub const LIMIT: Duration = Duration::from_secs(300);

/// How late a call may return that does not block, or whose timeout is over. Generous, because a
/// busy machine may run a thread seconds late; shorter than the default linger period of 30 s,
/// which a call would take that blocks by mistake.
pub const SOON: Duration = Duration::from_secs(20);

/// The share of the time that an idle process may use of one CPU: one part in so many. A thread
/// that polls without a pause uses all of it, and an idle one about a thousandth.
pub const IDLE_SHARE: u32 = 20;

/// How long a queue must refuse messages to count as full. After `WouldBlock` the kernel and the
/// I/O thread may still make space for some more messages, and no event reports the end of that.
pub const FULL_FOR: Duration = Duration::from_millis(100);

/// Aborts the process with the test's name unless it is dropped in time. A test that hangs must not
/// hang the others.
#[must_use]
pub struct Watchdog(#[allow(dead_code, reason = "its drop is the message")] Sender<()>);

#[track_caller]
pub fn watchdog() -> Watchdog {
    // Messages to absent peers must not delay the end of the process.
    let _ = Ctx::global().set_wait_at_exit(false);
    // The name is that of the main thread where libtest runs one test at a time.
    let test = format!("{} ({})", thread::current().name().unwrap_or("?"), Location::caller());
    let (ended, end) = mpsc::channel();
    thread::spawn(move || {
        if end.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
            // Not by a macro, whose output libtest would keep for the end of the test.
            let _ = writeln!(io::stderr(), "test {test} did not end within {LIMIT:?}");
            process::abort();
        }
    });
    Watchdog(ended)
}

/// Tries until there is an answer. The test's watchdog ends it if none comes.
pub fn retry<T>(mut attempt: impl FnMut() -> Option<T>) -> T {
    loop {
        if let Some(answer) = attempt() {
            return answer;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// Tries until the condition holds.
pub fn until(mut condition: impl FnMut() -> bool) {
    retry(|| condition().then_some(()));
}

/// The result of a call, and how long it took.
pub fn timed<T>(call: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let answer = call();
    (answer, start.elapsed())
}

/// A transport that a test uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Tcp,
    Ipc,
    Inproc,
    Ws,
}

use Transport::*;

impl Transport {
    /// Those that every libzmq has on this system.
    pub const COMMON: &'static [Self] =
        if cfg!(unix) { &[Tcp, Ipc, Inproc] } else { &[Tcp, Inproc] };

    /// Those of them that connect processes.
    pub const BETWEEN_PROCESSES: &'static [Self] = if cfg!(unix) { &[Tcp, Ipc] } else { &[Tcp] };

    /// All that the vendored libzmq has on this system.
    pub const EVERY: &'static [Self] =
        if cfg!(unix) { &[Tcp, Ipc, Inproc, Ws] } else { &[Tcp, Inproc, Ws] };

    /// An endpoint to bind to, whose port or path libzmq chooses.
    pub fn anywhere(self) -> String {
        match self {
            Tcp => "tcp://127.0.0.1:*".into(),
            Ipc => "ipc://*".into(),
            Inproc => format!("inproc://{}", InprocAddr::new_unique()),
            Ws => "ws://127.0.0.1:*".into(),
        }
    }

    /// As [`anywhere`](Self::anywhere), but no other test is given the endpoint while it is
    /// unbound.
    pub fn apart(self) -> String {
        match self {
            Tcp => format!("tcp://{}:*", loopback_apart()),
            Ws => format!("ws://{}:*", loopback_apart()),
            Ipc | Inproc => self.nowhere(),
        }
    }

    /// An endpoint that no socket is bound to.
    pub fn nowhere(self) -> String {
        let vacant = || listener().local_addr().unwrap();
        match self {
            Tcp => format!("tcp://{}", vacant()),
            Ws => format!("ws://{}", vacant()),
            Ipc => format!("ipc://{}", unique_path().display()),
            Inproc => self.anywhere(),
        }
    }
}

fn unique_number() -> u32 {
    use std::sync::atomic::AtomicU32;

    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A loopback address that no other test uses. Linux has sixteen million of them; other systems
/// have one.
fn loopback_apart() -> Ipv4Addr {
    if !cfg!(target_os = "linux") {
        return Ipv4Addr::LOCALHOST;
    }
    let process = process::id() as u16;
    let [high, low] = process.to_be_bytes();
    Ipv4Addr::new(127, 1 + (high & 0x7f), low, 1 + (unique_number() % 250) as u8)
}

/// Listens at an address that no other test uses.
pub fn listener() -> TcpListener {
    TcpListener::bind((loopback_apart(), 0)).unwrap()
}

/// A udp endpoint that no socket is bound to.
pub fn vacant_udp() -> String {
    let held = UdpSocket::bind((loopback_apart(), 0)).unwrap();
    format!("udp://{}", held.local_addr().unwrap())
}

fn unique_path() -> PathBuf {
    std::env::temp_dir().join(format!("libzmq-test-{}-{}", process::id(), unique_number()))
}

/// A context whose unsent messages do not delay the end of the process.
pub fn context() -> Ctx {
    CtxBuilder::new().wait_at_exit(false).build().unwrap()
}

/// A server and a client of it, in a context of their own.
pub struct Pair {
    pub ctx: Ctx,
    pub server: Server,
    pub client: Client,
}

pub fn pair(transport: Transport) -> Pair {
    pair_with(transport, &mut ServerBuilder::new(), &mut ClientBuilder::new())
}

pub fn pair_with(
    transport: Transport,
    server: &mut ServerBuilder,
    client: &mut ClientBuilder,
) -> Pair {
    let ctx = context();
    let server = server.bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
    let client = client.connect(server.last_endpoint().unwrap()).with_ctx(ctx.handle()).unwrap();
    Pair { ctx, server, client }
}

impl Pair {
    /// Sends a message from the client, and returns its routing id.
    pub fn greet(&self) -> RoutingId {
        greet(&self.server, &self.client)
    }
}

pub fn greet(server: &Server, client: &Client) -> RoutingId {
    client.send("hello").unwrap();
    let hello = server.recv_msg().unwrap();
    assert_eq!(hello, "hello");
    hello.routing_id().unwrap()
}

/// Routes until the queue to the peer is full, and returns how many messages that took.
pub fn fill(server: &Server, id: RoutingId, msg: &Msg) -> usize {
    fill_by(|_| server.try_route(msg, id))
}

/// Sends until the queue is full, and returns how many messages that took. `send` is given how many
/// have been sent, and must not block.
pub fn fill_by<T>(mut send: impl FnMut(usize) -> Result<(), Error<T>>) -> usize {
    let mut sent = 0;
    let mut full_since = Instant::now();
    while full_since.elapsed() < FULL_FOR {
        match send(sent) {
            Ok(()) => {
                sent += 1;
                full_since = Instant::now();
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock);
                thread::sleep(Duration::from_millis(1));
            }
        }
    }
    sent
}

/// Makes the call while other threads use the context by its handle. Each use holds the context for
/// a moment, as the creation of a socket does.
pub fn used_by_handle<T>(ctx: CtxHandle, call: impl FnOnce() -> T) -> T {
    let ended = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !ended.load(Ordering::Relaxed) {
                    ctx.io_threads();
                    let _ = ctx.set_io_threads(1);
                }
            });
        }
        let answer = call();
        ended.store(true, Ordering::Relaxed);
        answer
    })
}
