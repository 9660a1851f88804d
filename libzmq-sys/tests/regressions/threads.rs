//! Thread-safe sockets and their mailboxes.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::zmq::*;

/// Lets both sockets send and receive at once, until each has received a good deal.
fn chat(bound: Sock, to_connected: Option<u32>, connected: Sock) {
    const GOAL: usize = 20_000;
    let done = AtomicUsize::new(0);
    let unfinished = || done.load(Ordering::Relaxed) < 2;
    thread::scope(|scope| {
        for (socket, to) in [(bound, to_connected), (connected, None)] {
            socket.set(ZMQ_SNDTIMEO, 10);
            socket.set(ZMQ_RCVTIMEO, 10);
            let new =
                move || to.map_or_else(|| Msg::new(b"0123456789"), |id| Msg::to(b"0123456789", id));
            scope.spawn(move || {
                while unfinished() {
                    let _ = socket.send_msg(new(), 0);
                }
            });
            let done = &done;
            scope.spawn(move || {
                let mut received = 0;
                while unfinished() {
                    received += usize::from(socket.recv(0).is_ok());
                    if received == GOAL {
                        received += 1;
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
}

/// How long threads contend for a socket.
const CONTENTION: Duration = Duration::from_millis(300);

/// Two sockets of small high-water mark, one bound and one connected.
fn pair(ctx: Ctx, bound: impl Into<i64>, connected: impl Into<i64>) -> (Sock, Sock) {
    let (bound, connected) = (ctx.socket(bound), ctx.socket(connected));
    for socket in [bound, connected] {
        socket.set(ZMQ_SNDHWM, 10);
        socket.set(ZMQ_RCVHWM, 10);
    }
    assert_eq!(bound.bind("inproc://x"), Ok(0));
    assert_eq!(connected.connect("inproc://x"), Ok(0));
    (bound, connected)
}

cases! {
    fn two_channels_do_not_deadlock_over_inproc() {
        let (a, b) = pair(Ctx::new(), ZMQ_CHANNEL, ZMQ_CHANNEL);
        chat(a, None, b);
    }

    fn server_and_client_do_not_deadlock_over_inproc() {
        let (server, client) = pair(Ctx::new(), ZMQ_SERVER, ZMQ_CLIENT);
        assert_eq!(client.send(b"hello", 0), Ok(5));
        let hello = server.recv(0).expect("hello");
        chat(server, Some(hello.routing_id()), client);
    }

    fn shutdown_of_a_busy_context_returns() {
        let ctx = Ctx::new();
        let (a, b) = pair(ctx, ZMQ_CHANNEL, ZMQ_CHANNEL);
        thread::scope(|scope| {
            for socket in [a, b] {
                scope.spawn(move || while socket.send(b"x", 0) != Err(ETERM) {});
                scope.spawn(move || while socket.recv(0).err() != Some(ETERM) {});
            }
            // The threads contend for a while, so that they deadlock if they can.
            thread::sleep(CONTENTION);
            ctx.shutdown();
        });
        a.close();
        b.close();
        assert_eq!(ctx.term(), Ok(0));
    }

    /// The bind holds the socket's lock while it waits for a reader of its monitor.
    fn shutdown_ends_a_bind_that_blocks_on_its_monitor() {
        let ctx = Ctx::new();
        let server = ctx.socket(ZMQ_SERVER);
        let monitor = server.monitor(ctx, ZMQ_EVENT_ALL);
        monitor.close();
        let bind =
            thread::spawn(move || (0..5000).find(|_| server.bind("tcp://127.0.0.1:*").is_err()));
        settle();
        ctx.shutdown();
        assert!(bind.join().is_ok());
        server.close();
        assert_eq!(ctx.term(), Ok(0));
    }

    fn each_message_reaches_one_of_several_receivers() {
        const EACH: usize = 10_000;
        let ctx = Ctx::new();
        let (gather, scatter) = pair(ctx, ZMQ_GATHER, ZMQ_SCATTER);
        let received = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while gather.recv(0).is_ok() {
                        received.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
            let senders = [(); 2].map(|()| {
                scope.spawn(|| {
                    for _ in 0..EACH {
                        assert_eq!(scatter.send(b"x", 0), Ok(1));
                    }
                })
            });
            for sender in senders {
                assert!(sender.join().is_ok());
            }
            eventually("all received", || {
                (received.load(Ordering::Relaxed) == 2 * EACH).then_some(())
            });
            ctx.shutdown();
        });
    }

    /// Each message wakes every thread that waits; one of them finds nothing and has to go on
    /// waiting.
    fn spurious_wake_up_does_not_end_a_receive_timeout_early() {
        const TIME: Duration = Duration::from_millis(300);
        let (gather, scatter) = pair(Ctx::new(), ZMQ_GATHER, ZMQ_SCATTER);
        gather.set(ZMQ_RCVTIMEO, 300);
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let start = Instant::now();
                        if let Err(errno) = gather.recv(0) {
                            assert_eq!(errno, EAGAIN);
                            // libzmq counts in whole milliseconds.
                            assert!(
                                start.elapsed() + Duration::from_millis(2) >= TIME,
                                "{:?}",
                                start.elapsed()
                            );
                        }
                    }
                });
            }
            for _ in 0..1000 {
                assert_eq!(scatter.send(b"x", 0), Ok(1));
                // One wake-up at a time.
                thread::sleep(Duration::from_millis(1));
            }
            stop.store(true, Ordering::Relaxed);
        });
    }

    /// Without eventfd a wake-up is a byte in a buffer that can be full.
    fn poller_without_a_waiting_thread_takes_any_number_of_wake_ups() {
        let (gather, scatter) = pair(Ctx::new(), ZMQ_GATHER, ZMQ_SCATTER);
        let mut poller = c!(zmq_poller_new());
        let pollin = ZMQ_POLLIN.try_into().expect("fits");
        assert_eq!(c!(zmq_poller_add(poller, gather.0, std::ptr::null_mut(), pollin)), 0);
        for _ in 0..5000 {
            assert_eq!(scatter.send(b"x", 0), Ok(1));
            assert!(gather.recv(0).is_ok());
            // The next message finds the mailbox asleep, and wakes it.
            assert_eq!(gather.recv(DONTWAIT).err(), Some(EAGAIN));
        }
        assert_eq!(c!(zmq_poller_destroy(&raw mut poller)), 0);
    }
}
