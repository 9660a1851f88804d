//! Pipes whose other end has gone or is about to end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::zmq::*;

/// Goes through the stages of a peer's end, again and again, and does something to the socket in
/// each: at some of them the other end of the pipe is freed while this one is still in the socket's
/// list. No event reports when, so there are short pauses of a length that varies with the load.
fn while_peers_go(endpoint: &str, turns: usize, act: impl Fn(Sock, usize)) {
    let ctx = Ctx::new();
    let pull = ctx.socket(ZMQ_PULL);
    pull.watch_pipes();
    let endpoint = pull.bound(endpoint);
    for turn in 0..turns {
        let push = ctx.socket(ZMQ_PUSH);
        push.set(ZMQ_LINGER, 1000);
        assert_eq!(push.connect(&endpoint), Ok(0));
        assert_eq!(push.send(b"x", 0), Ok(1));
        pull.process();
        push.close();
        thread::sleep(Duration::from_millis(1));
        pull.process();
        let _ = pull.recv(DONTWAIT);
        // This reads the delimiter and acknowledges the end.
        let _ = pull.recv(DONTWAIT);
        thread::sleep(Duration::from_micros(300));
        act(pull, turn);
    }
    pull.close();
    assert_eq!(ctx.term(), Ok(0));
}

/// Fills the queue to a peer whose message is not read, and which then disconnects.
fn fill(send: impl Fn() -> std::result::Result<usize, i32>) {
    eventually("the queue is full", || {
        (0..1000).find_map(|_| send().err()).map(|errno| assert_eq!(errno, EAGAIN))
    });
}

/// Sends until all queues on the way are full, also those of the kernel.
fn fill_all(send: impl Fn() -> std::result::Result<usize, i32>) {
    let mut full_since = Instant::now();
    while full_since.elapsed() < Duration::from_millis(200) {
        match send() {
            Ok(_) => full_since = Instant::now(),
            Err(errno) => {
                assert_eq!(errno, EAGAIN);
                thread::sleep(Duration::from_millis(1));
            }
        }
    }
}

cases! {
    fn hwm_set_after_a_peer_has_gone_does_not_use_freed_memory() {
        while_peers_go("inproc://x", 300, |pull, turn| {
            pull.set(ZMQ_RCVHWM, 10 + i32::try_from(turn).expect("small"))
        });
    }

    fn pipe_statistics_after_a_peer_has_gone_do_not_use_freed_memory() {
        while_peers_go("inproc://x", 300, |pull, _| {
            let _ = pull.pipes_stats();
        });
    }

    /// Statistics walk over the pipes of a socket that other threads use.
    fn pipe_statistics_take_the_lock_of_the_socket() {
        let ctx = Ctx::new();
        let server = ctx.socket(ZMQ_SERVER);
        server.watch_pipes();
        server.set(ZMQ_RCVTIMEO, 1);
        let endpoint = server.bound("tcp://127.0.0.1:*");
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let _ = server.pipes_stats();
                }
            });
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let _ = server.recv(0);
                }
            });
            for _ in 0..300 {
                let client = ctx.socket(ZMQ_CLIENT);
                assert_eq!(client.connect(&endpoint), Ok(0));
                assert_eq!(client.send(b"x", 0), Ok(1));
                // The pipe exists for a moment.
                thread::sleep(Duration::from_micros(500));
                client.close();
            }
            stop.store(true, Ordering::Relaxed);
        });
    }

    fn server_send_to_a_peer_that_has_gone_is_host_unreachable() {
        for endpoint in ["inproc://x", "tcp://127.0.0.1:*"] {
            let ctx = Ctx::new();
            let (server, client) = (ctx.socket(ZMQ_SERVER), ctx.socket(ZMQ_CLIENT));
            for socket in [server, client] {
                socket.set(ZMQ_SNDHWM, 2);
                socket.set(ZMQ_RCVHWM, 2);
            }
            let endpoint = server.bound(endpoint);
            assert_eq!(client.connect(&endpoint), Ok(0));
            assert_eq!(client.send(b"hello", 0), Ok(5));
            let id = server.recv(0).expect("hello").routing_id();
            assert_eq!(client.send(b"unread", 0), Ok(6));
            let big = vec![b'x'; 100_000];
            let send =
                |flags| server.send_msg(Msg::to(&big, id), flags).map_err(|(errno, _)| errno);
            fill(|| send(DONTWAIT));
            thread::scope(|scope| {
                // One that waits already; it may get the place of the messages that the client
                // takes with it.
                let waiting = scope.spawn(|| (0..1000).find_map(|_| send(0).err()));
                client.close();
                assert_eq!(waiting.join().ok(), Some(Some(EHOSTUNREACH)), "{endpoint}");
            });
            assert_eq!(send(0), Err(EHOSTUNREACH), "{endpoint}");
            assert_eq!(server.recv(0).map(|msg| msg.body().to_vec()), Ok(b"unread".to_vec()));
        }
    }

    fn server_send_to_a_peer_that_has_gone_with_full_queues_is_host_unreachable() {
        for endpoint in ["tcp://127.0.0.1:*", "ipc://*", "ws://127.0.0.1:*"] {
            let ctx = Ctx::new();
            let (server, client) = (ctx.socket(ZMQ_SERVER), ctx.socket(ZMQ_CLIENT));
            for socket in [server, client] {
                socket.set(ZMQ_SNDHWM, 2);
                socket.set(ZMQ_RCVHWM, 2);
                socket.set(ZMQ_LINGER, 0);
            }
            let endpoint = server.bound(endpoint);
            assert_eq!(client.connect(&endpoint), Ok(0));
            assert_eq!(client.send(b"hello", 0), Ok(5));
            let id = server.recv(0).expect("hello").routing_id();
            let big = vec![b'x'; 100_000];
            // The I/O thread of the server reads no more then.
            fill_all(|| client.send(&big, DONTWAIT));
            let send =
                |flags| server.send_msg(Msg::to(&big, id), flags).map_err(|(errno, _)| errno);
            fill_all(|| send(DONTWAIT));
            thread::scope(|scope| {
                let waiting = scope.spawn(|| (0..1000).find_map(|_| send(0).err()));
                client.close();
                assert_eq!(waiting.join().ok(), Some(Some(EHOSTUNREACH)), "{endpoint}");
            });
            // What it has sent can still be received.
            assert_eq!(server.recv(0).map(|msg| msg.body().len()), Ok(big.len()));
        }
    }

    fn router_mandatory_send_to_a_peer_that_has_gone_is_host_unreachable() {
        let ctx = Ctx::new();
        let (router, dealer) = (ctx.socket(ZMQ_ROUTER), ctx.socket(ZMQ_DEALER));
        router.set(ZMQ_ROUTER_MANDATORY, 1);
        for socket in [router, dealer] {
            socket.set(ZMQ_SNDHWM, 2);
            socket.set(ZMQ_RCVHWM, 2);
        }
        assert_eq!(dealer.try_set(ZMQ_ROUTING_ID, b"me"), Ok(0));
        assert_eq!(router.bind("inproc://x"), Ok(0));
        assert_eq!(dealer.connect("inproc://x"), Ok(0));
        assert_eq!(dealer.send(b"unread", 0), Ok(6));
        let send =
            |flags| router.send(b"me", flags | SNDMORE).and_then(|_| router.send(b"x", flags));
        router.process();
        fill(|| send(DONTWAIT));
        dealer.close();
        assert_eq!(send(0), Err(EHOSTUNREACH));
    }
}
