//! Heartbeats: which peers are taken for gone.

use std::ffi::c_void;
use std::io::Write;
use std::ptr::null_mut;
use std::thread;
use std::time::Duration;

use crate::websockets::has_ws;
use crate::wire;
use crate::zmq::*;

/// A PULL with room for one message that expects something every 50 ms.
fn impatient(ctx: Ctx) -> Sock {
    let pull = ctx.socket(ZMQ_PULL);
    pull.set(ZMQ_HEARTBEAT_IVL, 20);
    pull.set(ZMQ_HEARTBEAT_TIMEOUT, 50);
    pull.set(ZMQ_RCVHWM, 1);
    pull
}

/// Several times as long as an impatient socket waits.
const LONG: Duration = Duration::from_millis(400);

/// A ping with a time to live in tenths of a second.
fn ping(tenths: u8) -> Vec<u8> {
    wire::command("PING", &[0, tenths])
}

/// A message that keeps the I/O thread busy for a second once it was sent.
fn slow_to_free() -> Msg {
    static BODY: [u8; 100] = [b'x'; 100];

    extern "C" fn free(_: *mut c_void, _: *mut c_void) {
        thread::sleep(Duration::from_secs(1));
    }

    let mut msg = Msg::new(b"");
    let body = BODY.as_ptr().cast_mut().cast();
    let rc = c!(zmq_msg_init_data(&raw mut msg.0, body, BODY.len(), Some(free), null_mut()));
    assert_eq!(rc, 0);
    msg
}

cases! {
    fn messages_wait_for_room_while_heartbeats_are_due() {
        for transport in ["tcp://127.0.0.1:*", "ipc://*", "ws://127.0.0.1:*"] {
            if transport.starts_with("ws") && !has_ws() {
                continue;
            }
            let ctx = Ctx::new();
            let (push, pull) = (ctx.socket(ZMQ_PUSH), impatient(ctx));
            // As the peer of another one, which would send pings that have a time to live.
            push.set(ZMQ_HEARTBEAT_IVL, 20);
            push.set(ZMQ_HEARTBEAT_TIMEOUT, 10_000);
            push.set(ZMQ_HEARTBEAT_TTL, 100);
            push.set(ZMQ_SNDHWM, 0);
            assert_eq!(push.connect(&pull.bound(transport)), Ok(0));
            let body = |number: u32| [&number.to_ne_bytes()[..], &[b'x'; 1000]].concat();
            for number in 0..3000 {
                assert_eq!(push.send(&body(number), 0), Ok(1004));
            }
            for number in 0..3000 {
                if number % 1000 == 1 {
                    thread::sleep(LONG);
                }
                let msg = pull.recv_within(SOON).expect("a message");
                assert_eq!(msg.body(), body(number), "{transport}");
            }
        }
    }

    fn silent_peer_is_gone_after_its_messages_were_received() {
        for says in [Vec::new(), ping(1)] {
            let ctx = Ctx::new();
            let pull = impatient(ctx);
            if !says.is_empty() {
                pull.set(ZMQ_HEARTBEAT_IVL, 0);
            }
            let endpoint = pull.bound(&apart("tcp"));
            let mut peer = wire::introduced(&endpoint, &wire::hello("PUSH"), b"PULL");
            let messages: Vec<_> = (0..5).map(|number| wire::frame(0, &[number])).collect();
            peer.write_all(&[says, messages.concat()].concat()).expect("taken");
            thread::sleep(LONG);
            for number in 0..5 {
                assert_eq!(pull.recv_within(SOON).expect("a message").body(), [number]);
            }
            wire::rest(&mut peer);
        }
    }

    fn message_may_take_longer_than_heartbeats() {
        for says in [Vec::new(), ping(10)] {
            let ctx = Ctx::new();
            let pull = impatient(ctx);
            if says.is_empty() {
                pull.set(ZMQ_HEARTBEAT_TIMEOUT, 1000);
            } else {
                pull.set(ZMQ_HEARTBEAT_IVL, 0);
            }
            let endpoint = pull.bound(&apart("tcp"));
            let mut peer = wire::introduced(&endpoint, &wire::hello("PUSH"), b"PULL");
            peer.write_all(&says).expect("taken");
            for byte in wire::frame(0, &[b'x'; 60]) {
                peer.write_all(&[byte]).expect("taken");
                thread::sleep(Duration::from_millis(40));
            }
            assert_eq!(pull.recv_within(SOON).expect("a message").body(), [b'x'; 60]);
            wire::rest(&mut peer);
        }
    }

    fn busy_io_thread_reads_before_it_takes_a_peer_for_gone() {
        let ctx = Ctx::new();
        let pull = impatient(ctx);
        pull.set(ZMQ_HEARTBEAT_TIMEOUT, 300);
        pull.set(ZMQ_RCVHWM, 0);
        let endpoint = pull.bound(&apart("tcp"));
        let mut peer = wire::introduced(&endpoint, &wire::hello("PUSH"), b"PULL");
        let (push, other) = (ctx.socket(ZMQ_PUSH), ctx.socket(ZMQ_PULL));
        assert_eq!(push.connect(&other.bound(&apart("tcp"))), Ok(0));
        for number in 0..40 {
            peer.write_all(&wire::frame(0, &[number])).expect("taken");
            if number == 10 {
                // The next ping is due, and with it the time for an answer begins.
                thread::sleep(Duration::from_millis(40));
                assert!(push.send_msg(slow_to_free(), 0).is_ok());
            }
            thread::sleep(Duration::from_millis(50));
        }
        for number in 0..40 {
            assert_eq!(pull.recv_within(SOON).expect("a message").body(), [number]);
        }
    }
}
