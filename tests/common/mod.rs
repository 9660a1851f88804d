//! What the tests share: deadlines, polling, and the transports that a test goes through.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod foreign;
pub mod site;
pub mod zmtp;

use std::{
    io::{self, Write},
    net::{Ipv4Addr, TcpListener, UdpSocket},
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

/// How long a test may take, unless it says otherwise: long enough for a machine that does other
/// things as well.
pub const LIMIT: Duration = Duration::from_secs(60);

/// Aborts the process with the test's name unless it is dropped in time. A test that hangs must not
/// hang the others.
#[must_use]
pub struct Watchdog(#[allow(dead_code, reason = "its drop is the message")] Sender<()>);

pub fn watchdog() -> Watchdog {
    watchdog_of(LIMIT)
}

pub fn watchdog_of(limit: Duration) -> Watchdog {
    // What a test sends to nobody must not delay the end of its process.
    let _ = Ctx::global().set_wait_at_exit(false);
    let test = thread::current().name().unwrap_or("a test").to_owned();
    let (ended, end) = mpsc::channel();
    thread::spawn(move || {
        if end.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
            // Not by a macro, whose output libtest would keep for the end of the test.
            let _ = writeln!(io::stderr(), "{test} did not end within {limit:?}");
            process::abort();
        }
    });
    Watchdog(ended)
}

/// Asks again and again until there is an answer. The test's watchdog ends it if none comes.
pub fn retry<T>(mut attempt: impl FnMut() -> Option<T>) -> T {
    loop {
        if let Some(answer) = attempt() {
            return answer;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// Waits until it is so.
pub fn until(mut it_is_so: impl FnMut() -> bool) {
    retry(|| it_is_so().then_some(()));
}

/// What it answers, and how long that took.
pub fn timed<T>(call: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let answer = call();
    (answer, start.elapsed())
}

/// A transport that a test goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Tcp,
    Ipc,
    Inproc,
    Ws,
}

use Transport::*;

impl Transport {
    /// Those that every libzmq has here.
    pub const COMMON: &'static [Self] =
        if cfg!(unix) { &[Tcp, Ipc, Inproc] } else { &[Tcp, Inproc] };

    /// Those of them that reach other processes.
    pub const BETWEEN_PROCESSES: &'static [Self] = if cfg!(unix) { &[Tcp, Ipc] } else { &[Tcp] };

    /// All that there are here.
    pub const EVERY: &'static [Self] =
        if cfg!(unix) { &[Tcp, Ipc, Inproc, Ws] } else { &[Tcp, Inproc, Ws] };

    /// Where a socket binds; what it is then bound to, its last endpoint tells.
    pub fn anywhere(self) -> String {
        match self {
            Tcp => "tcp://127.0.0.1:*".into(),
            Ipc => "ipc://*".into(),
            Inproc => format!("inproc://{}", InprocAddr::new_unique()),
            Ws => "ws://127.0.0.1:*".into(),
        }
    }

    /// An endpoint to bind to that no other test's socket is given, also when it is free for a
    /// while.
    pub fn apart(self) -> String {
        match self {
            Tcp => format!("tcp://{}:*", loopback_apart()),
            Ws => format!("ws://{}:*", loopback_apart()),
            Ipc | Inproc => self.nowhere(),
        }
    }

    /// An endpoint with nobody at it.
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
    use std::sync::atomic::{AtomicU32, Ordering};

    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// An address of this machine that other sockets keep away from. Linux has sixteen million of them;
/// elsewhere there is one.
fn loopback_apart() -> Ipv4Addr {
    if !cfg!(target_os = "linux") {
        return Ipv4Addr::LOCALHOST;
    }
    let process = process::id() as u16;
    let [high, low] = process.to_be_bytes();
    Ipv4Addr::new(127, 1 + (high & 0x7f), low, 1 + (unique_number() % 250) as u8)
}

/// Listens where other sockets keep away from.
pub fn listener() -> TcpListener {
    TcpListener::bind((loopback_apart(), 0)).unwrap()
}

/// A udp endpoint that nobody is bound to.
pub fn vacant_udp() -> String {
    let held = UdpSocket::bind((loopback_apart(), 0)).unwrap();
    format!("udp://{}", held.local_addr().unwrap())
}

fn unique_path() -> PathBuf {
    std::env::temp_dir().join(format!("libzmq-test-{}-{}", process::id(), unique_number()))
}

/// A context whose messages to nobody do not delay the end of the test's process.
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
    /// Has the client introduce itself, and answers with the number that the server knows it by.
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

/// Routes until the queue to the peer is full, and answers with how many messages that took.
pub fn fill(server: &Server, id: RoutingId, msg: &Msg) -> usize {
    fill_by(|| server.try_route(msg, id))
}

/// Sends until there is no room any more, and answers with how many messages that took.
pub fn fill_by(mut send: impl FnMut() -> Result<(), Error<Msg>>) -> usize {
    let mut sent = 0;
    // The queue of the kernel fills up in bursts, so "full" must stay so for a while.
    let mut full_since = Instant::now();
    while full_since.elapsed() < Duration::from_millis(100) {
        match send() {
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

/// Has other threads use the context by its handle all the time. Each use has the context for a
/// moment, as each attempt to make a socket has.
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
