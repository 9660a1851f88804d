//! Pipes whose other end is gone, or about to be.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::zmq::*;

/// A PULL, bound, from which a PUSH has just gone. What it left behind was freed.
fn deserted() -> (Ctx, Sock) {
    let ctx = Ctx::new();
    let (pull, push) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PUSH));
    pull.watch_pipes();
    assert_eq!(pull.bind("inproc://x"), Ok(0));
    assert_eq!(push.connect("inproc://x"), Ok(0));
    assert_eq!(push.send(b"x", 0), Ok(1));
    pull.process();
    push.close();
    // Once the PULL has said that it saw its peer go, and the reaper has freed the peer, its own pipe is still there for a
    // moment. The reaper tells nobody, so this is done often.
    (ctx, pull)
}

/// Fills the queue to a peer that has sent something which nobody reads, and that then goes away.
fn fill(send: impl Fn() -> std::result::Result<usize, i32>) {
    eventually("the queue is full", || {
        (0..1000).find_map(|_| send().err()).map(|errno| assert_eq!(errno, EAGAIN))
    });
}

cases! {
    fn a_high_water_mark_set_late_does_not_reach_for_the_dead() {
        for turn in 0..200 {
            let (ctx, pull) = deserted();
            for _ in 0..20 {
                pull.process();
                pull.set(ZMQ_RCVHWM, 10 + turn);
                thread::yield_now();
            }
            pull.close();
            assert_eq!(ctx.term(), Ok(0));
        }
    }

    fn statistics_asked_late_do_not_reach_for_the_dead() {
        for _ in 0..200 {
            let (ctx, pull) = deserted();
            for _ in 0..20 {
                pull.process();
                let _ = pull.pipes_stats();
                thread::yield_now();
            }
            pull.close();
            assert_eq!(ctx.term(), Ok(0));
        }
    }

    /// Statistics walk over the pipes of a socket that other threads use.
    fn statistics_take_the_lock_of_the_socket() {
        let ctx = Ctx::new();
        let server = ctx.socket(ZMQ_SERVER);
        server.watch_pipes();
        assert_eq!(server.bind("inproc://x"), Ok(0));
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| while !stop.load(Ordering::Relaxed) {
                let _ = server.pipes_stats();
            });
            scope.spawn(|| while !stop.load(Ordering::Relaxed) {
                server.process();
            });
            for _ in 0..3000 {
                if let Ok(client) = ctx.try_socket(ZMQ_CLIENT) {
                    assert_eq!(client.connect("inproc://x"), Ok(0));
                    client.close();
                }
            }
            stop.store(true, Ordering::Relaxed);
        });
    }

    fn a_server_does_not_wait_for_a_peer_that_is_gone() {
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
            let send = |flags| server.send_msg(Msg::to(&big, id), flags).map_err(|(errno, _)| errno);
            fill(|| send(DONTWAIT));
            thread::scope(|scope| {
                // One that waits already; it may get the place of the messages that the client takes with it.
                let waiting = scope.spawn(|| (0..1000).find_map(|_| send(0).err()));
                client.close();
                assert_eq!(waiting.join().ok(), Some(Some(EHOSTUNREACH)), "{endpoint}");
            });
            assert_eq!(send(0), Err(EHOSTUNREACH), "{endpoint}");
            assert_eq!(server.recv(0).map(|msg| msg.body().to_vec()), Ok(b"unread".to_vec()));
        }
    }

    fn a_mandatory_router_does_not_wait_for_a_peer_that_is_gone() {
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
        let send = |flags| router.send(b"me", flags | SNDMORE).and_then(|_| router.send(b"x", flags));
        router.process();
        fill(|| send(DONTWAIT));
        dealer.close();
        assert_eq!(send(0), Err(EHOSTUNREACH));
    }
}
