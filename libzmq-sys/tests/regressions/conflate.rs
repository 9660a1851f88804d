//! Sockets with `ZMQ_CONFLATE`, which keep only the newest message of a pipe.

use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::zmq::*;

const SOON: Duration = Duration::from_secs(20);

/// How many of the bodies that `counted` made are gone.
static FREED: AtomicUsize = AtomicUsize::new(0);

extern "C" fn free(_: *mut c_void, body: *mut c_void) {
    // SAFETY: `counted` made it from a box, and C frees it once.
    drop(unsafe { Box::from_raw(body.cast::<[u8; 8]>()) });
    FREED.fetch_add(1, Ordering::SeqCst);
}

/// A message that counts when it goes.
fn counted(number: usize) -> Msg {
    let body = Box::into_raw(Box::new(number.to_le_bytes()));
    let mut msg = MaybeUninit::<zmq_msg_t>::uninit();
    let rc = c!(zmq_msg_init_data(msg.as_mut_ptr(), body.cast(), 8, Some(free), body.cast()));
    assert_eq!(rc, 0);
    // SAFETY: the line before initialised it.
    Msg(unsafe { msg.assume_init() })
}

fn conflating(ctx: Ctx, kind: u32) -> Sock {
    let socket = ctx.socket(kind);
    socket.set(ZMQ_CONFLATE, 1);
    socket
}

/// Everything that there is to receive, now.
fn all(socket: Sock) -> Vec<Vec<u8>> {
    std::iter::from_fn(|| socket.recv(DONTWAIT).ok()).map(|msg| msg.body().to_vec()).collect()
}

fn burst(socket: Sock, last: &[u8]) {
    for number in 0..9 {
        assert_eq!(socket.send(&[number], DONTWAIT), Ok(1));
    }
    assert_eq!(socket.send(last, DONTWAIT), Ok(last.len()));
}

/// Types that may conflate at the end that binds, with one that sends to it.
const PAIRS: [(u32, u32); 4] =
    [(ZMQ_PULL, ZMQ_PUSH), (ZMQ_SUB, ZMQ_PUB), (ZMQ_SUB, ZMQ_XPUB), (ZMQ_DEALER, ZMQ_DEALER)];

/// A bound socket that takes all messages.
fn receiver(ctx: Ctx, kind: u32) -> Sock {
    let socket = conflating(ctx, kind);
    if kind == ZMQ_SUB {
        assert_eq!(socket.try_set(ZMQ_SUBSCRIBE, b""), Ok(0));
    }
    socket
}

/// Sends until the sender knows that the receiver subscribes.
fn meet(from: Sock, to: Sock) {
    eventually("the first message", || {
        let _ = from.send(b"first", DONTWAIT);
        to.recv_within(Duration::from_millis(5)).ok()
    });
    all(to);
}

cases! {
    fn conflate_delivers_the_newest_message_and_leaks_no_other() {
        const COUNT: usize = 300_000;
        let ctx = Ctx::new();
        let (pull, push) = (conflating(ctx, ZMQ_PULL), ctx.socket(ZMQ_PUSH));
        assert_eq!(push.bind("inproc://x"), Ok(0));
        assert_eq!(pull.connect("inproc://x"), Ok(0));
        let mut sent = 0;
        for _ in 0..30 {
            let (pull, push) = (pull.0 as usize, push.0 as usize);
            let last = sent + COUNT / 30 - 1;
            let reader = thread::spawn(move || {
                let pull = Sock(pull as *mut c_void);
                while pull.recv_within(SOON).expect("the newest").body() != last.to_le_bytes() {}
            });
            for number in sent..=last {
                assert!(Sock(push as *mut c_void).send_msg(counted(number), 0).is_ok());
            }
            sent = last + 1;
            assert!(reader.join().is_ok(), "the newest message never came");
        }
        pull.close();
        push.close();
        assert_eq!(ctx.term(), Ok(0));
        assert_eq!(FREED.load(Ordering::SeqCst), COUNT);
    }

    fn conflate_delivers_a_message_sent_before_the_inproc_bind() {
        let ctx = Ctx::new();
        for to in [ZMQ_PULL, ZMQ_DEALER, ZMQ_ROUTER] {
            let from = if to == ZMQ_PULL { ZMQ_PUSH } else { ZMQ_DEALER };
            let (from, to) = (conflating(ctx, from), ctx.socket(to));
            assert_eq!(from.connect("inproc://x"), Ok(0));
            assert_eq!(from.send(b"old", 0), Ok(3));
            assert_eq!(from.send(b"new", 0), Ok(3));
            assert_eq!(to.bind("inproc://x"), Ok(0));
            assert_eq!(to.multipart().pop().as_deref(), Some(&b"new"[..]));
            assert_eq!(from.send(b"next", 0), Ok(4));
            assert_eq!(to.multipart().pop().as_deref(), Some(&b"next"[..]));
            assert_eq!(to.unbind("inproc://x"), Ok(0));
            from.close();
            to.close();
        }
        assert_eq!(ctx.term(), Ok(0));
    }

    fn conflate_delivers_the_last_message_after_close() {
        let ctx = Ctx::new();
        for endpoint in ["tcp://127.0.0.1:*", "inproc://x"] {
            let (pull, push) = (ctx.socket(ZMQ_PULL), conflating(ctx, ZMQ_PUSH));
            push.set(ZMQ_LINGER, -1);
            assert_eq!(push.connect(&pull.bound(endpoint)), Ok(0));
            assert_eq!(push.send(b"the last word", 0), Ok(13));
            push.close();
            assert_eq!(pull.recv_within(SOON).expect("a message").body(), b"the last word");
            pull.close();
        }
        assert_eq!(ctx.term(), Ok(0));
    }

    fn router_learns_the_identity_of_a_conflating_dealer_over_inproc() {
        let ctx = Ctx::new();
        for early in [true, false] {
            let (router, dealer) = (ctx.socket(ZMQ_ROUTER), conflating(ctx, ZMQ_DEALER));
            assert_eq!(dealer.try_set(ZMQ_ROUTING_ID, b"dealer"), Ok(0));
            if early {
                assert_eq!(dealer.connect("inproc://x"), Ok(0));
                assert_eq!(dealer.send(b"x", 0), Ok(1));
            }
            assert_eq!(router.bind("inproc://x"), Ok(0));
            if !early {
                assert_eq!(dealer.connect("inproc://x"), Ok(0));
                assert_eq!(dealer.send(b"x", 0), Ok(1));
            }
            assert_eq!(router.multipart(), [&b"dealer"[..], b"x"]);
            assert_eq!(router.send(b"dealer", SNDMORE), Ok(6));
            assert_eq!(router.send(b"y", 0), Ok(1));
            assert_eq!(dealer.multipart(), [b"y"]);
            assert_eq!(router.unbind("inproc://x"), Ok(0));
            router.close();
            dealer.close();
        }
    }

    fn conflating_sub_sends_each_subscription() {
        let ctx = Ctx::new();
        for endpoint in ["tcp://127.0.0.1:*", "inproc://x"] {
            let (publisher, sub) = (ctx.socket(ZMQ_XPUB), conflating(ctx, ZMQ_SUB));
            assert_eq!(sub.connect(&publisher.bound(endpoint)), Ok(0));
            for topic in [b"a", b"b", b"c"] {
                assert_eq!(sub.try_set(ZMQ_SUBSCRIBE, topic), Ok(0));
            }
            for topic in [b"\x01a", b"\x01b", b"\x01c"] {
                assert_eq!(publisher.recv_within(SOON).expect("a subscription").body(), topic);
            }
        }
    }

    fn conflate_on_the_bound_side_works_over_inproc() {
        let ctx = Ctx::new();
        for (to, from) in PAIRS {
            let (to, from) = (receiver(ctx, to), ctx.socket(from));
            from.set(ZMQ_SNDHWM, 2);
            assert_eq!(to.bind("inproc://x"), Ok(0));
            assert_eq!(from.connect("inproc://x"), Ok(0));
            meet(from, to);
            burst(from, b"newest");
            assert_eq!(all(to), [b"newest"]);
            assert_eq!(to.unbind("inproc://x"), Ok(0));
        }
    }

    fn conflate_on_the_bound_side_drops_older_messages_that_waited_for_the_bind() {
        let ctx = Ctx::new();
        for (to, from) in PAIRS {
            let (to, from) = (receiver(ctx, to), ctx.socket(from));
            from.set(ZMQ_SNDHWM, 10);
            assert_eq!(from.connect("inproc://x"), Ok(0));
            burst(from, b"waited");
            let full = from.send(b"no room", DONTWAIT).is_err();
            assert_eq!(to.bind("inproc://x"), Ok(0));
            // A publisher sends nothing before it has received a subscription.
            if full {
                assert_eq!(to.recv_within(SOON).expect("a message").body(), b"waited");
                eventually("there is room", || from.send(b"room", DONTWAIT).ok());
            } else {
                meet(from, to);
            }
            all(to);
            burst(from, b"newest");
            burst(from, b"the very newest");
            assert_eq!(all(to), [b"the very newest"]);
            assert_eq!(to.unbind("inproc://x"), Ok(0));
        }
    }

    fn conflate_on_the_bound_side_makes_each_frame_a_message() {
        let ctx = Ctx::new();
        for early in [true, false] {
            let (to, from) = (conflating(ctx, ZMQ_DEALER), ctx.socket(ZMQ_DEALER));
            if early {
                assert_eq!(from.connect("inproc://x"), Ok(0));
                assert_eq!(from.send(b"1", SNDMORE), Ok(1));
                assert_eq!(to.bind("inproc://x"), Ok(0));
                assert_eq!(from.send(b"2", 0), Ok(1));
            } else {
                assert_eq!(to.bind("inproc://x"), Ok(0));
                assert_eq!(from.connect("inproc://x"), Ok(0));
            }
            for (a, b) in [(from, to), (to, from)] {
                assert_eq!(a.send(b"1", SNDMORE), Ok(1));
                assert_eq!(a.send(b"2", 0), Ok(1));
                assert_eq!(b.multipart(), [b"2"]);
            }
            assert_eq!(to.unbind("inproc://x"), Ok(0));
            from.close();
            to.close();
        }
        assert_eq!(ctx.term(), Ok(0));
    }
}
