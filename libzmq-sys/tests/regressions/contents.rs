//! What messages hold, while they pass between threads and outlive connections.

use std::ffi::CStr;
use std::io::Write;
use std::sync::mpsc;
use std::thread;

use crate::wire::{self, frame, hello, introduced, ready};
use crate::zmq::*;

/// Bytes that tell the size and the place of each.
fn pattern(size: usize) -> Vec<u8> {
    (0..size).map(|at| u8::try_from((size * 7 + at) % 251).expect("less")).collect()
}

/// Sizes around those at which messages are kept differently.
const SIZES: [usize; 16] = [0, 1, 2, 32, 33, 34, 63, 64, 100, 253, 254, 255, 256, 300, 536, 9000];

/// Where the peer of a received message is.
fn peer_address(msg: &Msg) -> Option<String> {
    let value = c!(zmq_msg_gets(&raw const msg.0, c"Peer-Address".as_ptr()));
    // SAFETY: a property is NULL or a string that lives as long as the message.
    (!value.is_null()).then(|| unsafe { CStr::from_ptr(value) }.to_string_lossy().into_owned())
}

cases! {
    fn messages_that_arrive_in_pieces_of_any_size_are_whole() {
        let bodies: Vec<_> = SIZES.map(pattern).into();
        let mut stream = Vec::new();
        for body in &bodies {
            stream.extend(frame(wire::MORE, body));
            stream.extend(frame(0, body));
        }
        for read_at_a_time in (1..80).chain([255, 256, 257, 300, 8192, 100_000]) {
            let ctx = Ctx::new();
            let pull = ctx.socket(ZMQ_PULL);
            pull.set(ZMQ_IN_BATCH_SIZE, read_at_a_time);
            let endpoint = pull.bound("tcp://127.0.0.1:*");
            let mut peer = introduced(&endpoint, &hello("PUSH"), &ready("PULL"));
            peer.write_all(&stream).expect("taken");
            for body in &bodies {
                let received = pull.multipart();
                assert_eq!(received, [body.clone(), body.clone()], "{read_at_a_time}");
            }
            pull.close();
            assert_eq!(ctx.term(), Ok(0));
        }
    }

    fn small_message_over_the_limit_ends_the_connection() {
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        assert_eq!(pull.try_set(ZMQ_MAXMSGSIZE, &100_i64.to_ne_bytes()), Ok(0));
        let endpoint = pull.bound("tcp://127.0.0.1:*");
        let mut peer = introduced(&endpoint, &hello("PUSH"), &ready("PULL"));
        let frames = [frame(0, &pattern(100)), frame(0, &pattern(101))].concat();
        peer.write_all(&frames).expect("taken");
        assert_eq!(pull.recv_within(SOON).expect("the first one").body(), pattern(100));
        assert_eq!(wire::rest(&mut peer), b"");
        pull.close();
        assert_eq!(ctx.term(), Ok(0));
    }

    fn messages_that_pass_between_threads_keep_their_contents() {
        const ROUNDS: usize = 3;
        const MESSAGES: usize = 4000;

        let mut kept = Vec::new();
        for endpoint in ["inproc://x", "tcp://127.0.0.1:*"] {
            let ctx = Ctx::new();
            // Each thread ends with memory of its own that messages of the next ones may get.
            for round in 0..ROUNDS {
                let pull = ctx.socket(ZMQ_PULL);
                let push = ctx.socket(ZMQ_PUSH);
                let endpoint = endpoint.replace('x', &round.to_string());
                assert_eq!(push.connect(&pull.bound(&endpoint)), Ok(0));
                let size = |at: usize| at * 37 % 700;
                let sender = thread::spawn(move || {
                    for at in 0..MESSAGES {
                        assert_eq!(push.send(&pattern(size(at)), 0), Ok(size(at)));
                    }
                });
                let (forth, back) = mpsc::channel::<Msg>();
                let dropper = thread::spawn(move || {
                    back.iter().enumerate().filter(|(at, _)| at % 97 == 0).map(|(_, msg)| msg)
                        .collect::<Vec<_>>()
                });
                for at in 0..MESSAGES {
                    let msg = pull.recv_within(SOON).expect("a message");
                    assert_eq!(msg.body(), pattern(size(at)));
                    forth.send(msg).expect("a thread that drops it");
                }
                drop(forth);
                sender.join().expect("no panic");
                kept.extend(dropper.join().expect("no panic"));
                push.close();
                pull.close();
            }
            assert_eq!(ctx.term(), Ok(0));
        }
        for (at, msg) in kept.iter().enumerate() {
            assert_eq!(msg.body(), pattern(msg.body().len()), "message {at}");
        }
    }

    fn messages_outlive_their_connection_with_all_that_they_hold() {
        // More than the references that a connection takes at once.
        const MESSAGES: usize = 5000;

        for size in [10, 64, 300, 3000] {
            let ctx = Ctx::new();
            let pull = ctx.socket(ZMQ_PULL);
            pull.set(ZMQ_RCVHWM, 0);
            let push = ctx.socket(ZMQ_PUSH);
            assert_eq!(push.connect(&pull.bound("tcp://127.0.0.1:*")), Ok(0));
            let sender = thread::spawn(move || {
                for _ in 0..MESSAGES {
                    assert_eq!(push.send(&pattern(size), 0), Ok(size));
                }
            });
            let mut kept = Vec::new();
            for at in 0..MESSAGES {
                let msg = pull.recv_within(SOON).expect("a message");
                if at % 50 == 0 {
                    kept.push(msg);
                }
            }
            sender.join().expect("no panic");
            push.close();
            pull.close();
            assert_eq!(ctx.term(), Ok(0));
            for msg in &kept {
                assert_eq!(msg.body(), pattern(size));
                assert_eq!(peer_address(msg).as_deref(), Some("127.0.0.1"));
            }
        }
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn memory_that_is_kept_for_messages_has_a_limit() {
        const MESSAGES: usize = 20_000;
        const KEPT: usize = 1 << 20;
        // The lists of these blocks, what malloc adds to each, and what this thread has for itself.
        const MORE: usize = 200_000;

        if !malloc_counts() {
            return;
        }
        let ctx = Ctx::new();
        let before = allocated();
        for size in [40, 64, 200, 300, 536] {
            let messages: Vec<_> = (0..MESSAGES).map(|_| Msg::new(&pattern(size))).collect();
            thread::spawn(move || drop(messages)).join().expect("no panic");
        }
        let with_context = allocated().saturating_sub(before);
        assert!(with_context < KEPT + MORE, "{with_context}");
        assert_eq!(ctx.term(), Ok(0));
        let after = allocated().saturating_sub(before);
        assert!(after < MORE, "{after}");
    }
}
