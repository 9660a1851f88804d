//! WebSocket frames as RFC 6455 allows and forbids them.

use std::io::Write;
use std::net::TcpStream;

use crate::websockets::{BINARY, frame, has_ws, push_gets_through, upgraded};
use crate::wire;
use crate::zmq::*;

const CONTINUATION: u8 = 0;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// A frame after which more of its message follows.
fn not_final(opcode: u8, body: &[u8]) -> Vec<u8> {
    let mut frame = frame(opcode, body);
    frame[0] &= 0x7f;
    frame
}

/// The frame masked with `key`.
fn masked(mut frame: Vec<u8>, key: [u8; 4]) -> Vec<u8> {
    frame[2..6].copy_from_slice(&key);
    frame[6..].iter_mut().zip(key.iter().cycle()).for_each(|(byte, key)| *byte ^= key);
    frame
}

/// A bound PULL and a peer without a mechanism that has sent its routing id.
fn greeted(ctx: Ctx, options: &[(u32, i32)]) -> (Sock, String, TcpStream) {
    let pull = ctx.socket(ZMQ_PULL);
    for (option, value) in options {
        pull.set(*option, *value);
    }
    let (endpoint, mut peer) = upgraded(pull, "ZWS2.0");
    say(&mut peer, &[frame(BINARY, b"\0")]);
    // The socket's own routing id.
    wire::read_until(&mut peer, b"\x82\x01\0");
    (pull, endpoint, peer)
}

fn say(peer: &mut TcpStream, frames: &[Vec<u8>]) {
    peer.write_all(&frames.concat()).expect("taken");
}

fn next(pull: Sock) -> Vec<u8> {
    pull.recv_within(SOON).expect("a message").body().to_vec()
}

cases! {
    fn malformed_ws_frame_ends_the_connection() {
        if !has_ws() {
            return;
        }
        let not_masked = [0x80 | BINARY, 1, 0].to_vec();
        let reserved_bit = |bit: u8| {
            let mut frame = frame(BINARY, b"\0reserved bit");
            frame[0] |= bit;
            frame
        };
        let long_ping = [&[0x80 | PING, 0xfe, 0, 126, 0, 0, 0, 0][..], &[0; 126]].concat();
        let nonsense = [
            not_masked,
            reserved_bit(0x40),
            reserved_bit(0x20),
            reserved_bit(0x10),
            frame(BINARY, b""),
            frame(1, b"\0text"),
            frame(3, b"\0reserved opcode"),
            frame(11, b"\0reserved opcode"),
            frame(CONTINUATION, b"\0of nothing"),
            [not_final(BINARY, b"\0one"), frame(BINARY, b"\0another")].concat(),
            [not_final(BINARY, b""), frame(CONTINUATION, b"")].concat(),
            not_final(PING, b"fragmented"),
            not_final(CLOSE, b"\x03\xe8"),
            frame(CLOSE, b"\x03"),
            long_ping,
        ];
        let ctx = Ctx::new();
        for nonsense in nonsense {
            let (pull, endpoint, mut peer) = greeted(ctx, &[]);
            say(&mut peer, &[frame(BINARY, b"\0first")]);
            assert_eq!(next(pull), b"first");
            say(&mut peer, std::slice::from_ref(&nonsense));
            assert_eq!(wire::rest(&mut peer), b"", "{}", nonsense.escape_ascii());
            push_gets_through(ctx, &endpoint, pull);
            pull.close();
        }
    }

    fn ws_message_in_fragments_is_joined() {
        if !has_ws() {
            return;
        }
        let (pull, _, mut peer) = greeted(Ctx::new(), &[]);
        // The flags are the first byte of the whole: here, another frame follows.
        say(
            &mut peer,
            &[
                not_final(BINARY, b""),
                masked(not_final(CONTINUATION, b"\x01one, "), *b"key1"),
                frame(PING, b"in between"),
                not_final(CONTINUATION, b""),
                masked(not_final(CONTINUATION, b"two, "), *b"key2"),
                masked(frame(CONTINUATION, b"three"), *b"key3"),
                frame(BINARY, b"\0whole"),
            ],
        );
        assert_eq!(pull.multipart(), [&b"one, two, three"[..], b"whole"]);
        wire::read_until(&mut peer, b"\x8a\x0ain between");

        // Larger than the buffer of the decoder, in fragments that are not.
        let body = [7; 100];
        let mut large = vec![not_final(BINARY, b"\0")];
        large.extend((0..1000).map(|_| not_final(CONTINUATION, &body)));
        large.push(frame(CONTINUATION, b""));
        say(&mut peer, &large);
        assert_eq!(next(pull), body.repeat(1000));
        // And in one that is.
        let size = 60_000u16;
        let head = [&[0x80 | CONTINUATION, 0x80 | 126], &size.to_be_bytes()[..], &[0; 4]].concat();
        say(&mut peer, &[not_final(BINARY, b"\0"), head, vec![8; usize::from(size)]]);
        assert_eq!(next(pull), vec![8; usize::from(size)]);
    }

    fn ws_message_in_fragments_keeps_to_maxmsgsize() {
        if !has_ws() {
            return;
        }
        let ctx = Ctx::new();
        let limited = || {
            let pull = ctx.socket(ZMQ_PULL);
            assert_eq!(pull.try_set(ZMQ_MAXMSGSIZE, &10i64.to_ne_bytes()), Ok(0));
            let (_, mut peer) = upgraded(pull, "ZWS2.0");
            say(&mut peer, &[frame(BINARY, b"\0")]);
            wire::read_until(&mut peer, b"\x82\x01\0");
            (pull, peer)
        };
        let (pull, mut peer) = limited();
        say(
            &mut peer,
            &[
                not_final(BINARY, b"\x0001234"),
                frame(PING, b"a longer payload"),
                frame(CONTINUATION, b"56789"),
            ],
        );
        assert_eq!(next(pull), b"0123456789");
        wire::read_until(&mut peer, b"\x8a\x10a longer payload");
        say(&mut peer, &[not_final(BINARY, b"\x0001234"), frame(CONTINUATION, b"56789x")]);
        assert_eq!(wire::rest(&mut peer), b"");

        // One that never ends.
        let (_, mut peer) = limited();
        say(&mut peer, &[not_final(BINARY, b"\0")]);
        (0..11).for_each(|_| say(&mut peer, &[not_final(CONTINUATION, b"x")]));
        assert_eq!(wire::rest(&mut peer), b"");

        // One whose sizes add up to more than there is memory.
        let (pull, _, mut peer) = greeted(ctx, &[]);
        let huge = [&[CONTINUATION, 0xff], &u64::MAX.to_be_bytes()[..], &[0; 4]].concat();
        say(&mut peer, &[frame(BINARY, b"\0first"), not_final(BINARY, b"\0more"), huge]);
        assert_eq!(next(pull), b"first");
        assert_eq!(wire::rest(&mut peer), b"");
    }

    fn ws_pong_has_the_payload_of_its_ping() {
        if !has_ws() {
            return;
        }
        let (pull, _, mut peer) = greeted(Ctx::new(), &[]);
        for payload in [&b""[..], b"payload", &[b'x'; 125]] {
            say(&mut peer, &[masked(frame(PING, payload), *b"mask")]);
            let size = u8::try_from(payload.len()).expect("at most 125");
            wire::read_until(&mut peer, &[&[0x8a, size], payload].concat());
        }
        say(&mut peer, &[frame(BINARY, b"\0still here")]);
        assert_eq!(next(pull), b"still here");
    }

    fn ws_control_frame_before_the_greeting_is_answered() {
        if !has_ws() {
            return;
        }
        let ready = [&[2][..], b"\x05READY", &wire::property("Socket-Type", b"PUSH")].concat();
        for (protocol, greeting) in [("ZWS2.0", &b"\0"[..]), ("ZWS2.0/NULL", &ready)] {
            let pull = Ctx::new().socket(ZMQ_PULL);
            let (_, mut peer) = upgraded(pull, protocol);
            say(
                &mut peer,
                &[
                    frame(PING, b"early"),
                    frame(PONG, b""),
                    frame(BINARY, greeting),
                    frame(BINARY, b"\0first"),
                ],
            );
            assert_eq!(next(pull), b"first");
            wire::read_until(&mut peer, b"\x8a\x05early");
        }
    }

    fn ws_close_frame_is_answered_and_later_frames_are_ignored() {
        if !has_ws() {
            return;
        }
        let ctx = Ctx::new();
        for close in [&b""[..], b"\x03\xe8", b"\x03\xe9going away"] {
            let (pull, endpoint, mut peer) = greeted(ctx, &[]);
            let close = frame(CLOSE, close);
            say(
                &mut peer,
                &[
                    frame(BINARY, b"\0first"),
                    close.clone(),
                    frame(BINARY, b"\0late"),
                    frame(PING, b"late"),
                    frame(CLOSE, b""),
                ],
            );
            assert_eq!(next(pull), b"first");
            assert_eq!(wire::rest(&mut peer), [&[0x88, close[1] & 0x7f], &close[6..]].concat());
            push_gets_through(ctx, &endpoint, pull);
            pull.close();
        }
    }

    fn ws_close_frame_ends_a_connection_that_sends_heartbeats() {
        if !has_ws() {
            return;
        }
        let heartbeats = [(ZMQ_HEARTBEAT_IVL, 1), (ZMQ_HEARTBEAT_TIMEOUT, 60_000)];
        let (_, _, mut peer) = greeted(Ctx::new(), &heartbeats);
        wire::read_until(&mut peer, b"\x89\0");
        say(&mut peer, &[frame(CLOSE, b"\x03\xe8")]);
        let rest = wire::rest(&mut peer);
        assert!(rest.ends_with(b"\x88\x02\x03\xe8"), "{}", rest.escape_ascii());
    }
}
