//! How much a connection reads and writes at a time, what memory that takes, and the system calls
//! that no message needs.

use std::io::Write;
use std::net::TcpStream;
use std::thread;

use crate::zmq::*;

const DEFAULT_SIZE: usize = 8192;
const MAX_SIZE: usize = 262_144;

/// The longest message that a STREAM makes of what comes without pause: as much as it reads at a
/// time.
fn longest_read(in_batch_size: Option<i32>) -> usize {
    let ctx = Ctx::new();
    let stream = ctx.socket(ZMQ_STREAM);
    stream.set(ZMQ_STREAM_NOTIFY, 0);
    if let Some(size) = in_batch_size {
        stream.set(ZMQ_IN_BATCH_SIZE, size);
        assert_eq!(stream.get(ZMQ_IN_BATCH_SIZE), size);
    }
    let endpoint = stream.bound("tcp://127.0.0.1:*");
    let mut peer = TcpStream::connect(endpoint.trim_start_matches("tcp://")).expect("connected");
    let total = 64 * MAX_SIZE;
    let writer = thread::spawn(move || peer.write_all(&vec![1; total]));
    let (mut longest, mut received) = (0, 0);
    while received < total {
        let frames = stream.multipart();
        received += frames[1].len();
        longest = longest.max(frames[1].len());
    }
    writer.join().expect("no panic").expect("all is written");
    stream.close();
    assert_eq!(ctx.term(), Ok(0));
    longest
}

/// A PUSH that is connected to a PULL.
#[cfg(target_os = "linux")]
fn connected(ctx: Ctx, endpoint: &str) -> (Sock, Sock) {
    let pull = ctx.socket(ZMQ_PULL);
    let push = ctx.socket(ZMQ_PUSH);
    assert_eq!(push.connect(&pull.bound(endpoint)), Ok(0));
    send_and_receive(push, pull, 1, 1);
    (push, pull)
}

/// Sends from another thread while this one receives and drops the messages.
#[cfg(target_os = "linux")]
fn send_and_receive(push: Sock, pull: Sock, count: usize, size: usize) {
    let body = vec![1; size];
    let sender =
        thread::spawn(move || (0..count).for_each(|_| assert_eq!(push.send(&body, 0), Ok(size))));
    for _ in 0..count {
        assert_eq!(pull.recv(0).expect("a message").body().len(), size);
    }
    sender.join().expect("no panic");
}

/// How often libzmq asks for the id of the process: it links this function instead of the C
/// library's.
#[cfg(target_os = "linux")]
mod process_id {
    use std::sync::atomic::{AtomicUsize, Ordering};

    pub(super) static ASKED: AtomicUsize = AtomicUsize::new(0);

    // SAFETY: it returns what the C library's function returns.
    #[unsafe(no_mangle)]
    extern "C" fn getpid() -> libc::pid_t {
        ASKED.fetch_add(1, Ordering::Relaxed);
        // SAFETY: this system call takes no arguments.
        let pid = unsafe { libc::syscall(libc::SYS_getpid) };
        libc::pid_t::try_from(pid).expect("a process id")
    }
}

/// How often this thread polls: libzmq links this function instead of the C library's.
#[cfg(target_os = "linux")]
mod polls {
    use std::{cell::Cell, ptr};

    use libc::{c_int, c_long, nfds_t, pollfd, timespec};

    thread_local! {
        pub(super) static MADE: Cell<usize> = const { Cell::new(0) };
    }

    // SAFETY: it does what the C library's function does.
    #[unsafe(no_mangle)]
    unsafe extern "C" fn poll(fds: *mut pollfd, count: nfds_t, timeout: c_int) -> c_int {
        MADE.with(|made| made.set(made.get() + 1));
        let limit = (timeout >= 0).then(|| timespec {
            tv_sec: (timeout / 1000).into(),
            tv_nsec: c_long::from(timeout % 1000) * 1_000_000,
        });
        // SAFETY: the caller's descriptors; no limit waits for ever.
        unsafe { libc::ppoll(fds, count, limit.as_ref().map_or(ptr::null(), |l| l), ptr::null()) }
    }
}

cases! {
    #[cfg(target_os = "linux")]
    fn receive_that_finds_no_message_polls_no_descriptor() {
        let ctx = Ctx::new();
        let (push, pull) = connected(ctx, "tcp://127.0.0.1:*");
        let polls = || polls::MADE.with(std::cell::Cell::get);
        for _ in 0..100 {
            assert_eq!(push.send(b"x", 0), Ok(1));
            drop(pull.recv(0).expect("a message"));
            let before = polls();
            for _ in 0..100 {
                assert_eq!(pull.recv(DONTWAIT).map(drop), Err(libc::EAGAIN));
                assert_eq!(pull.get(ZMQ_EVENTS), 0);
            }
            assert_eq!(polls(), before);
        }
    }

    #[cfg(target_os = "linux")]
    fn messages_ask_for_no_process_id() {
        let ctx = Ctx::new();
        let (push, pull) = connected(ctx, "inproc://x");
        let asked = || process_id::ASKED.load(std::sync::atomic::Ordering::Relaxed);
        let before = asked();
        for _ in 0..1000 {
            assert_eq!(push.send(b"x", 0), Ok(1));
            drop(pull.recv(0).expect("a message"));
        }
        assert_eq!(asked(), before);
    }

    fn connection_that_is_flooded_reads_more_at_a_time() {
        let longest = longest_read(None);
        assert!(longest > DEFAULT_SIZE && longest <= MAX_SIZE, "{longest}");
    }

    fn batch_size_that_was_set_stays() {
        for size in [1000, 8192, 100_000] {
            let longest = longest_read(Some(size));
            assert!(longest <= usize::try_from(size).expect("positive"), "{longest} of {size}");
        }
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn connection_that_is_idle_again_gives_its_large_batches_back() {
        if !malloc_counts() {
            return;
        }
        for endpoint in ["tcp://127.0.0.1:*", "ipc://*", "ws://127.0.0.1:*"] {
            let ctx = Ctx::new();
            let (push, pull) = connected(ctx, endpoint);
            let before = allocated();
            eventually("larger batches", || {
                send_and_receive(push, pull, 5000, 1024);
                (allocated() > before + MAX_SIZE).then_some(())
            });
            // The rest is a block of a queue on either side, which libzmq keeps.
            let most = before + 2 * DEFAULT_SIZE + 65_536;
            eventually("smaller ones", || (allocated() < most).then_some(()));
            push.close();
            pull.close();
            assert_eq!(ctx.term(), Ok(0));
        }
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn small_message_that_is_kept_keeps_no_large_batch() {
        const KEPT: usize = 100;

        let ctx = Ctx::new();
        let (push, pull) = connected(ctx, "tcp://127.0.0.1:*");
        let before = allocated();
        let mut kept = Vec::new();
        for _ in 0..KEPT {
            send_and_receive(push, pull, 500, 2048);
            assert_eq!(push.send(&[2; 40], 0), Ok(40));
            kept.push(pull.recv(0).expect("a message"));
        }
        // The batches in use, and for each message the smallest batch, which holds 16 KiB.
        let most = before + 4 * MAX_SIZE + KEPT * 2 * DEFAULT_SIZE;
        eventually("little memory", || (allocated() < most).then_some(()));
        drop(kept);
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn idle_connection_takes_the_smallest_batches() {
        const CONNECTIONS: usize = 50;

        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        let endpoint = pull.bound("tcp://127.0.0.1:*");
        let push = ctx.socket(ZMQ_PUSH);
        let connect = || {
            for _ in 0..CONNECTIONS {
                assert_eq!(push.connect(&endpoint), Ok(0));
            }
            for _ in 0..CONNECTIONS {
                assert_eq!(push.send(b"x", 0), Ok(1));
            }
            (0..CONNECTIONS).for_each(|_| drop(pull.recv(0).expect("a message")));
        };
        connect();
        let before = allocated();
        connect();
        let each = (allocated() - before) / CONNECTIONS;
        eprintln!("{each} bytes for both sides of a connection");
        // Unchanged libzmq takes as much.
        assert!(each < 150_000, "{each}");
    }
}
