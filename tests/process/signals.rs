//! Signals, which no call reports, and peers that are killed or stopped, which are detected.

#![cfg(unix)]

#[path = "../common/mod.rs"]
mod common;

use std::{
    process::{Child, Command},
    sync::{
        Once,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use common::{SOON, Transport, fill, pair, pair_with, retry, timed, watchdog};
use libzmq::{prelude::*, *};

static INTERRUPTIONS: AtomicUsize = AtomicUsize::new(0);

extern "C" fn interrupted(_: libc::c_int) {
    INTERRUPTIONS.fetch_add(1, Ordering::Relaxed);
}

/// Ends the storm when it is dropped.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// The pause between two signals: many of them within each call.
const BETWEEN_SIGNALS: Duration = Duration::from_micros(200);

/// Runs `work` while another thread sends this one signals.
fn in_a_storm<T>(work: impl FnOnce() -> T) -> T {
    static HANDLED: Once = Once::new();
    HANDLED.call_once(|| {
        // SAFETY: a handler that only counts. No SA_RESTART: system calls are to fail with EINTR.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = interrupted as extern "C" fn(libc::c_int) as usize;
            assert_eq!(libc::sigaction(libc::SIGUSR1, &raw const action, std::ptr::null_mut()), 0);
        }
    });

    let before = INTERRUPTIONS.load(Ordering::Relaxed);
    // SAFETY: asks for the calling thread.
    let target = unsafe { libc::pthread_self() };
    let over = AtomicBool::new(false);
    let answer = thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Acquire) {
                // SAFETY: the thread lives, since it waits for this one at the end of the scope.
                unsafe { libc::pthread_kill(target, libc::SIGUSR1) };
                thread::sleep(BETWEEN_SIGNALS);
            }
        });
        // Also when the work panics.
        let _over = Over(&over);
        work()
    });
    assert!(INTERRUPTIONS.load(Ordering::Relaxed) > before, "there was no storm");
    answer
}

#[test]
fn signals_do_not_change_how_long_a_call_blocks() {
    const PERIOD: Duration = Duration::from_millis(300);

    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let mut server = ServerBuilder::new();
        server.send_hwm(1).recv_timeout(PERIOD).send_timeout(PERIOD);
        let mut client = ClientBuilder::new();
        let pair = pair_with(transport, &mut server, client.recv_hwm(1).recv_timeout(PERIOD));
        let id = pair.greet();
        let large = Msg::from(vec![1; 100_000]);

        let waited = [
            ("client.recv", in_a_storm(|| timed(|| pair.client.recv_msg().unwrap_err()))),
            ("server.recv", in_a_storm(|| timed(|| pair.server.recv_msg().unwrap_err()))),
            ("server.route", {
                fill(&pair.server, id, &large);
                in_a_storm(|| {
                    // Under load the kernel may make room for one more, late.
                    retry(|| {
                        let (done, took) = timed(|| pair.server.route(&large, id));
                        done.err().map(|error| (error.into(), took))
                    })
                })
            }),
            ("a lonely client.send", {
                let lonely =
                    ClientBuilder::new().send_timeout(PERIOD).with_ctx(pair.ctx.handle()).unwrap();
                in_a_storm(|| timed(|| lonely.send("x").unwrap_err().into()))
            }),
        ];
        for (call, (error, took)) in waited {
            let error: Error = error;
            assert_eq!(error.kind(), ErrorKind::WouldBlock, "{call}");
            assert!(
                took >= PERIOD && took < PERIOD + SOON,
                "{call} over {transport:?} took {took:?}"
            );
        }
    }
}

#[test]
fn signals_interrupt_neither_send_nor_recv() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let pair = pair(transport);
        thread::scope(|scope| {
            scope.spawn(|| {
                in_a_storm(|| {
                    for _ in 0..2000 {
                        let request = pair.server.recv_msg().unwrap();
                        pair.server.route(request.clone(), request.routing_id().unwrap()).unwrap();
                    }
                });
            });
            in_a_storm(|| {
                for number in 0..2000_u32 {
                    pair.client.send(number.to_le_bytes()).unwrap();
                    assert_eq!(pair.client.recv_msg().unwrap(), &number.to_le_bytes()[..]);
                }
            });
        });
    }
}

#[test]
fn signals_do_not_end_terminate_early() {
    let _watchdog = watchdog();
    let receiving = Ctx::new();
    let server =
        ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(receiving.handle()).unwrap();
    in_a_storm(|| {
        for _ in 0..20 {
            let ctx = Ctx::new();
            let client = ClientBuilder::new()
                .connect(server.last_endpoint().unwrap())
                .with_ctx(ctx.handle())
                .unwrap();
            client.send(vec![1; 100_000]).unwrap();
            drop(client);
            ctx.terminate().unwrap();
            assert_eq!(server.recv_msg().unwrap().len(), 100_000);
        }
    });
}

/// Tells a test of this file that it is the peer process, and where to meet.
const ENDPOINT: &str = "LIBZMQ_TEST_ENDPOINT";

/// Another process, which runs one of the peers below. It is killed when this is dropped.
struct Peer(Child);

impl Peer {
    fn start(name: &str, endpoint: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", name, "--nocapture"])
            .env(ENDPOINT, endpoint)
            .stdout(std::process::Stdio::null());
        Self(command.spawn().unwrap())
    }

    fn signal(&self, signal: libc::c_int) {
        // SAFETY: our own child, which is not waited for before it is dropped.
        assert_eq!(unsafe { libc::kill(self.0.id() as libc::pid_t, signal) }, 0);
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Checks nothing by itself: `Peer::start` runs it in a child process.
#[test]
fn peer_client() {
    let Ok(endpoint) = std::env::var(ENDPOINT) else { return };
    let _watchdog = watchdog();
    let client = ClientBuilder::new().connect(&endpoint).build().unwrap();
    client.send("hello").unwrap();
    loop {
        let msg = client.recv_msg().unwrap();
        client.send(msg).unwrap();
    }
}

/// Checks nothing by itself: `Peer::start` runs it in a child process.
#[test]
fn peer_server() {
    let Ok(endpoint) = std::env::var(ENDPOINT) else { return };
    let _watchdog = watchdog();
    let server = ServerBuilder::new().bind(&endpoint).build().unwrap();
    loop {
        let request = server.recv_msg().unwrap();
        let id = request.routing_id().unwrap();
        server.route(request, id).unwrap();
    }
}

/// A message may still be queued after the disconnect message has arrived: libzmq closes the
/// connection a moment later.
fn is_unreachable(server: &Server, id: RoutingId) {
    let error = retry(|| server.route("x", id).err());
    assert_eq!(error.kind(), ErrorKind::HostUnreachable);
}

/// Long enough for a busy machine to run the peer in time.
const TIMEOUT: Duration = Duration::from_secs(2);

fn heartbeat() -> Heartbeat {
    Heartbeat::new(Duration::from_millis(100)).add_timeout(TIMEOUT)
}

#[test]
fn disconnect_message_reports_a_killed_client() {
    let _watchdog = watchdog();
    for &transport in Transport::BETWEEN_PROCESSES {
        let server = ServerBuilder::new()
            .bind(transport.anywhere())
            .disconnect_message("gone")
            .build()
            .unwrap();
        let peer = Peer::start("peer_client", &server.last_endpoint().unwrap().to_string());
        let hello = server.recv_msg().unwrap();
        assert_eq!(hello, "hello");
        peer.signal(libc::SIGKILL);
        let gone = server.recv_msg().unwrap();
        assert_eq!(gone, "gone");
        assert_eq!(gone.routing_id(), hello.routing_id());
        is_unreachable(&server, hello.routing_id().unwrap());
    }
}

#[test]
fn heartbeat_detects_a_stopped_client() {
    let _watchdog = watchdog();
    for &transport in Transport::BETWEEN_PROCESSES {
        let mut server = ServerBuilder::new();
        server.bind(transport.anywhere()).disconnect_message("gone").heartbeat(heartbeat());
        let server = server.build().unwrap();
        assert_eq!(server.heartbeat(), Some(heartbeat()));
        let peer = Peer::start("peer_client", &server.last_endpoint().unwrap().to_string());
        let hello = server.recv_msg().unwrap();
        let id = hello.routing_id().unwrap();

        // A client that runs stays connected for longer than the timeout.
        let start = Instant::now();
        while start.elapsed() < 2 * TIMEOUT {
            server.route("echo", id).unwrap();
            assert_eq!(server.recv_msg().unwrap(), "echo");
        }

        peer.signal(libc::SIGSTOP);
        let gone = server.recv_msg().unwrap();
        assert_eq!(gone, "gone");
        assert_eq!(gone.routing_id(), Some(id));
        is_unreachable(&server, id);

        // It reconnects with another routing id.
        peer.signal(libc::SIGCONT);
    }
}

#[test]
fn heartbeat_detects_a_stopped_server() {
    let _watchdog = watchdog();
    for &transport in Transport::BETWEEN_PROCESSES {
        let endpoint = transport.nowhere();
        let mut client = ClientBuilder::new();
        client
            .connect(&endpoint)
            .hiccup("lost it")
            .heartbeat(heartbeat())
            .reconnect_interval(Duration::from_millis(10));
        let client = client.build().unwrap();
        let peer = Peer::start("peer_server", &endpoint);
        client.send("echo").unwrap();
        assert_eq!(client.recv_msg().unwrap(), "echo");

        peer.signal(libc::SIGSTOP);
        assert_eq!(client.recv_msg().unwrap(), "lost it");
        peer.signal(libc::SIGCONT);
        client.send("echo").unwrap();
        common::until(|| client.recv_msg().unwrap() == "echo");
    }
}
