//! A client and a server through this crate, beside the same work written in C's terms against
//! `libzmq-sys`: how many messages a second one sends the other, and how long a question and its
//! answer take.
//!
//! Both run in turn in one process, and each pair of neighbours gives one ratio, so that what else
//! the machine does meets both. The table has the median of the ratios: above 1 this crate is the
//! faster one. Run it with
//!
//! ```text
//! cargo bench --bench client_server [rounds]
//! ```

#![allow(clippy::unwrap_used, clippy::panic, reason = "a program that may stop")]

use std::{
    env,
    ffi::CString,
    hint::black_box,
    mem::MaybeUninit,
    ptr, thread,
    time::{Duration, Instant},
};

use libc::{c_int, c_void};
use libzmq::prelude::*;
use libzmq_sys as sys;

fn main() {
    let rounds = env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(51);
    println!("| transport | size | work | here | in C | here / C |");
    println!("|:---|---:|:---|---:|---:|---:|");
    for transport in ["inproc", "tcp"] {
        for size in [64, 32 * 1024] {
            for work in [Work::Throughput, Work::RoundTrip] {
                let bench = Bench { transport, size, count: work.count(transport, size) };
                compare(&bench, work, rounds);
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Work {
    Throughput,
    RoundTrip,
}

impl Work {
    /// As many as take about a tenth of a second: short rounds, and many of them, meet the same
    /// noise.
    fn count(self, transport: &str, size: usize) -> usize {
        match (self, transport, size) {
            (Self::Throughput, _, 64) => 200_000,
            (Self::Throughput, "inproc", _) => 10_000,
            (Self::Throughput, ..) => 2_000,
            (Self::RoundTrip, "inproc", _) => 4_000,
            (Self::RoundTrip, ..) => 1_000,
        }
    }
}

struct Bench {
    transport: &'static str,
    size: usize,
    count: usize,
}

fn compare(bench: &Bench, work: Work, rounds: usize) {
    let run = |c: bool| match (work, c) {
        (Work::Throughput, false) => here::throughput(bench),
        (Work::Throughput, true) => c::throughput(bench),
        (Work::RoundTrip, false) => here::round_trips(bench),
        (Work::RoundTrip, true) => c::round_trips(bench),
    };
    let (_, _) = (run(false), run(true));
    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        // Whoever comes first in a pair has the colder caches, so they take turns.
        let first_is_c = round % 2 == 0;
        let first = run(first_is_c).as_secs_f64();
        let second = run(!first_is_c).as_secs_f64();
        let (here, c) = if first_is_c { (second, first) } else { (first, second) };
        ours.push(here);
        theirs.push(c);
        ratios.push(c / here);
    }
    let shown = |times: &mut Vec<f64>| match work {
        Work::Throughput => format!("{:.0}/s", bench.count as f64 / median(times)),
        Work::RoundTrip => format!("{:.2} us", median(times) / bench.count as f64 * 1e6),
    };
    let name = match work {
        Work::Throughput => "throughput",
        Work::RoundTrip => "round trip",
    };
    let (here, c) = (shown(&mut ours), shown(&mut theirs));
    println!(
        "| {} | {} | {name} | {here} | {c} | {:.3} |",
        bench.transport,
        bench.size,
        median(&mut ratios)
    );
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn endpoint(transport: &str) -> &'static str {
    if transport == "tcp" { "tcp://127.0.0.1:*" } else { "inproc://bench" }
}

/// Through this crate.
mod here {
    use super::*;

    fn pair(bench: &Bench) -> (Ctx, Server, Client) {
        let ctx = Ctx::new();
        let server =
            ServerBuilder::new().bind(endpoint(bench.transport)).with_ctx(ctx.handle()).unwrap();
        let client = ClientBuilder::new()
            .connect(server.last_endpoint().unwrap())
            .with_ctx(ctx.handle())
            .unwrap();
        client.send("ready").unwrap();
        let id = server.recv_msg().unwrap().routing_id().unwrap();
        server.route("ready", id).unwrap();
        client.recv_msg().unwrap();
        (ctx, server, client)
    }

    pub fn throughput(bench: &Bench) -> Duration {
        let (_ctx, server, client) = pair(bench);
        let &Bench { size, count, .. } = bench;
        let receiver = thread::spawn(move || {
            let mut msg = Msg::new();
            for _ in 0..count {
                server.recv(&mut msg).unwrap();
                black_box(msg.as_bytes());
            }
            Instant::now()
        });
        let content = vec![1; size];
        let start = Instant::now();
        for _ in 0..count {
            client.send(&content[..]).unwrap();
        }
        receiver.join().unwrap() - start
    }

    pub fn round_trips(bench: &Bench) -> Duration {
        let (_ctx, server, client) = pair(bench);
        let &Bench { size, count, .. } = bench;
        let answerer = thread::spawn(move || {
            let mut msg = Msg::new();
            for _ in 0..count {
                server.recv(&mut msg).unwrap();
                let id = msg.routing_id().unwrap();
                server.route(&msg[..], id).unwrap();
            }
        });
        let content = vec![1; size];
        let mut msg = Msg::new();
        let start = Instant::now();
        for _ in 0..count {
            client.send(&content[..]).unwrap();
            client.recv(&mut msg).unwrap();
            black_box(msg.as_bytes());
        }
        let took = start.elapsed();
        answerer.join().unwrap();
        took
    }
}

/// In C's terms: the same calls with the same options, checked as carefully as a C program would.
mod c {
    use super::*;

    /// A socket that one side's thread takes along.
    struct Socket(*mut c_void);

    // SAFETY: CLIENT and SERVER are thread-safe.
    unsafe impl Send for Socket {}

    struct Pair {
        ctx: *mut c_void,
        server: *mut c_void,
        client: *mut c_void,
    }

    fn check(code: c_int) -> c_int {
        // SAFETY: reads this thread's errno.
        assert!(code >= 0, "errno {}", unsafe { sys::zmq_errno() });
        code
    }

    fn set<T>(socket: *mut c_void, option: u32, value: T) {
        // SAFETY: the value lives across the call, with its own size.
        check(unsafe {
            sys::zmq_setsockopt(socket, option as c_int, (&raw const value).cast(), size_of::<T>())
        });
    }

    impl Pair {
        fn new(bench: &Bench) -> Self {
            let name = CString::new(endpoint(bench.transport)).unwrap();
            let mut bound = [0_u8; 256];
            let mut length = bound.len();
            // SAFETY: valid strings and places throughout, and the sockets are open.
            unsafe {
                let ctx = sys::zmq_ctx_new();
                check(sys::zmq_ctx_set(ctx, sys::ZMQ_IPV6 as c_int, 1));
                let server = sys::zmq_socket(ctx, sys::ZMQ_SERVER as c_int);
                let client = sys::zmq_socket(ctx, sys::ZMQ_CLIENT as c_int);
                for socket in [server, client] {
                    // What this crate sets.
                    set(socket, sys::ZMQ_LINGER, 30_000 as c_int);
                    set(socket, sys::ZMQ_MAXMSGSIZE, 1_i64 << 30);
                }
                check(sys::zmq_bind(server, name.as_ptr()));
                check(sys::zmq_getsockopt(
                    server,
                    sys::ZMQ_LAST_ENDPOINT as c_int,
                    bound.as_mut_ptr().cast(),
                    &raw mut length,
                ));
                check(sys::zmq_connect(client, bound.as_ptr().cast()));

                send(client, b"ready", None);
                let mut msg = empty();
                let id = recv(server, &mut msg);
                send(server, b"ready", Some(id));
                recv(client, &mut msg);
                sys::zmq_msg_close(&raw mut msg);
                Self { ctx, server, client }
            }
        }

        fn close(self) {
            // SAFETY: nobody uses them any more.
            unsafe {
                check(sys::zmq_close(self.client));
                check(sys::zmq_close(self.server));
                check(sys::zmq_ctx_shutdown(self.ctx));
            }
            // As this crate does, so that neither side waits for the other's end.
            let ctx = self.ctx.expose_provenance();
            thread::spawn(move || {
                // SAFETY: the last use of the context.
                unsafe { sys::zmq_ctx_term(ptr::with_exposed_provenance_mut(ctx)) }
            });
        }
    }

    fn empty() -> sys::zmq_msg_t {
        let mut msg = MaybeUninit::uninit();
        // SAFETY: zmq_msg_init initialises it.
        unsafe {
            sys::zmq_msg_init(msg.as_mut_ptr());
            msg.assume_init()
        }
    }

    #[inline]
    fn send(socket: *mut c_void, content: &[u8], id: Option<u32>) {
        let mut msg = MaybeUninit::<sys::zmq_msg_t>::uninit();
        let msg = msg.as_mut_ptr();
        // SAFETY: an open socket; the message is initialised before it is used, has room for the
        // content, and is empty after it was sent.
        unsafe {
            check(sys::zmq_msg_init_size(msg, content.len()));
            ptr::copy_nonoverlapping(
                content.as_ptr(),
                sys::zmq_msg_data(msg).cast(),
                content.len(),
            );
            if let Some(id) = id {
                check(sys::zmq_msg_set_routing_id(msg, id));
            }
            check(sys::zmq_msg_send(msg, socket, 0));
        }
    }

    /// Receives, and answers with the routing id.
    #[inline]
    fn recv(socket: *mut c_void, msg: &mut sys::zmq_msg_t) -> u32 {
        // SAFETY: an open socket and an initialised message.
        unsafe {
            check(sys::zmq_msg_recv(msg, socket, 0));
            sys::zmq_msg_routing_id(msg)
        }
    }

    #[inline]
    fn bytes(msg: &mut sys::zmq_msg_t) -> &[u8] {
        // SAFETY: the content of an initialised message, which stays while it is borrowed.
        unsafe { std::slice::from_raw_parts(sys::zmq_msg_data(msg).cast(), sys::zmq_msg_size(msg)) }
    }

    pub fn throughput(bench: &Bench) -> Duration {
        let pair = Pair::new(bench);
        let &Bench { size, count, .. } = bench;
        let server = Socket(pair.server);
        let receiver = thread::spawn(move || {
            let Socket(server) = { server };
            let mut msg = empty();
            for _ in 0..count {
                recv(server, &mut msg);
                black_box(bytes(&mut msg));
            }
            let end = Instant::now();
            // SAFETY: initialised, and not used again.
            unsafe { sys::zmq_msg_close(&raw mut msg) };
            end
        });
        let content = vec![1; size];
        let start = Instant::now();
        for _ in 0..count {
            send(pair.client, &content, None);
        }
        let took = receiver.join().unwrap() - start;
        pair.close();
        took
    }

    pub fn round_trips(bench: &Bench) -> Duration {
        let pair = Pair::new(bench);
        let &Bench { size, count, .. } = bench;
        let server = Socket(pair.server);
        let answerer = thread::spawn(move || {
            let Socket(server) = { server };
            let mut msg = empty();
            for _ in 0..count {
                let id = recv(server, &mut msg);
                send(server, bytes(&mut msg), Some(id));
            }
            // SAFETY: initialised, and not used again.
            unsafe { sys::zmq_msg_close(&raw mut msg) };
        });
        let content = vec![1; size];
        let mut msg = empty();
        let start = Instant::now();
        for _ in 0..count {
            send(pair.client, &content, None);
            recv(pair.client, &mut msg);
            black_box(bytes(&mut msg));
        }
        let took = start.elapsed();
        answerer.join().unwrap();
        // SAFETY: initialised, and not used again.
        unsafe { sys::zmq_msg_close(&raw mut msg) };
        pair.close();
        took
    }
}
