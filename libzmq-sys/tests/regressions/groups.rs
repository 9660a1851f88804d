//! Groups of RADIO and DISH. Up to 14 bytes are in the message itself, more are in a block that
//! copies share.

use std::io::Write;
use std::time::Duration;

use crate::wire;
use crate::zmq::*;

const LONG: &str = "a group of more than fourteen bytes";
const OTHER: &str = "ANOTHER ONE THAT IS AS LONG AS THAT";

/// Takes blocks of the size that long groups have, and fills them with something else.
fn overwrite_what_was_freed() -> Vec<Msg> {
    (0..32)
        .map(|_| {
            let mut msg = Msg::new(b"");
            assert_eq!(msg.set_group(OTHER), Ok(0));
            msg
        })
        .collect()
}

/// A RADIO that sends to `dish` until one message arrives, which proves that it knows of the group.
fn introduce(radio: Sock, dish: Sock, group: &str) {
    eventually("the radio knows the group", || {
        radio.send_to_group(group, b"hello");
        dish.recv_within(Duration::from_millis(20)).ok()
    });
    while dish.recv_within(Duration::from_millis(20)).is_ok() {}
}

fn a_long_group_outlives_its_first_receiver(endpoint: &str) {
    let ctx = Ctx::new();
    let radio = ctx.socket(ZMQ_RADIO);
    let endpoint = radio.bound(endpoint);
    let dishes = [(); 2].map(|()| {
        let dish = ctx.socket(ZMQ_DISH);
        assert_eq!(dish.join(LONG), Ok(0));
        assert_eq!(dish.connect(&endpoint), Ok(0));
        introduce(radio, dish, LONG);
        dish
    });
    while dishes[0].recv_within(Duration::from_millis(20)).is_ok() {}
    for body in [&b"short"[..], &[b'x'; 1000]] {
        radio.send_to_group(LONG, body);
        let first = dishes[0].recv_within(SOON).expect("the first");
        let second = dishes[1].recv_within(SOON).expect("the second");
        assert_eq!((first.group(), first.body()), (LONG.to_owned(), body));
        drop(first);
        let others = overwrite_what_was_freed();
        assert_eq!((second.group(), second.body()), (LONG.to_owned(), body));
        drop(others);
    }
}

cases! {
    fn long_group_outlives_its_first_receiver_over_inproc() {
        a_long_group_outlives_its_first_receiver("inproc://x");
    }

    fn long_group_outlives_its_first_receiver_over_tcp() {
        a_long_group_outlives_its_first_receiver("tcp://127.0.0.1:*");
    }

    fn join_of_a_long_group_reaches_two_radios() {
        let ctx = Ctx::new();
        let dish = ctx.socket(ZMQ_DISH);
        assert_eq!(dish.bind("inproc://x"), Ok(0));
        let radios = [(); 2].map(|()| {
            let radio = ctx.socket(ZMQ_RADIO);
            assert_eq!(radio.connect("inproc://x"), Ok(0));
            radio
        });
        dish.process();
        assert_eq!(dish.join(LONG), Ok(0));
        for radio in radios {
            radio.process();
            let others = overwrite_what_was_freed();
            drop(others);
        }
        for radio in radios {
            radio.send_to_group(LONG, b"hello");
            assert!(dish.recv_within(SOON).is_ok());
        }
    }

    fn group_of_a_message_can_be_set_twice() {
        let sizes = [0, 1, 6, 7, 14, 15, 100, 255];
        for first in sizes {
            for second in sizes {
                let mut msg = Msg::new(b"body");
                for (size, letter) in [(first, "a"), (second, "b")] {
                    let group = letter.repeat(size);
                    assert_eq!(msg.set_group(&group), Ok(0));
                    assert_eq!(msg.group(), group, "{first} bytes, then {second}");
                }
                assert_eq!(msg.body(), b"body");
            }
        }
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn long_group_that_is_set_twice_does_not_leak() {
        let before = allocated();
        let mut msg = Msg::new(b"");
        for _ in 0..4000 {
            assert_eq!(msg.set_group(LONG), Ok(0));
        }
        assert_eq!(msg.set_group("short"), Ok(0));
        let grown = allocated().saturating_sub(before);
        assert!(grown < 100_000, "{grown} bytes more");
    }

    fn group_that_is_too_long_is_invalid() {
        let mut msg = Msg::new(b"");
        assert_eq!(msg.set_group("kept"), Ok(0));
        for size in [256, 257, 300] {
            assert_eq!(msg.set_group(&"x".repeat(size)), Err(EINVAL), "{size} bytes");
        }
        assert_eq!(msg.group(), "kept");
    }

    fn radio_disconnects_a_peer_that_joins_a_group_that_is_too_long() {
        for name in ["JOIN", "LEAVE"] {
            let ctx = Ctx::new();
            let radio = ctx.socket(ZMQ_RADIO);
            let endpoint = radio.bound("tcp://127.0.0.1:*");
            let mut peer = wire::introduced(&endpoint, &wire::hello("DISH"), b"RADIO");
            peer.write_all(&wire::command(name, &[b'g'; 300])).expect("taken");
            wire::rest(&mut peer);
            let dish = ctx.socket(ZMQ_DISH);
            assert_eq!(dish.join("g"), Ok(0));
            assert_eq!(dish.connect(&endpoint), Ok(0));
            introduce(radio, dish, "g");
        }
    }

    fn full_dish_receives_messages_to_the_group_with_an_empty_name() {
        let ctx = Ctx::new();
        let dish = ctx.socket(ZMQ_DISH);
        dish.set(ZMQ_RCVHWM, 1);
        let endpoint = dish.bound("tcp://127.0.0.1:*");
        let radio = ctx.socket(ZMQ_RADIO);
        assert_eq!(dish.join(""), Ok(0));
        assert_eq!(radio.connect(&endpoint), Ok(0));
        introduce(radio, dish, "");
        for _ in 0..100 {
            radio.send_to_group("", b"body");
        }
        // Some of them wait for room now, and get it.
        for _ in 0..10 {
            let msg = dish.recv_within(SOON).expect("a message");
            assert_eq!((msg.group(), msg.body()), (String::new(), &b"body"[..]));
        }
    }

    fn dish_that_was_met_again_leaves_a_group_at_once() {
        let ctx = Ctx::new();
        let radio = ctx.socket(ZMQ_RADIO);
        radio.set(ZMQ_RECONNECT_IVL, 1);
        let (listener, endpoint) = wire::listener();
        assert_eq!(radio.connect(&endpoint), Ok(0));
        for round in 0..3 {
            let mut dish = wire::accept(&listener);
            dish.write_all(&wire::hello("DISH")).expect("taken");
            wire::read_until(&mut dish, b"RADIO");
            dish.write_all(&wire::command("JOIN", b"one")).expect("taken");
            if round == 2 {
                dish.write_all(&wire::command("LEAVE", b"one")).expect("taken");
                dish.write_all(&wire::command("JOIN", b"two")).expect("taken");
            }
            settle();
            radio.send_to_group("one", b"first");
            radio.send_to_group("two", b"second");
            if round == 2 {
                let said = wire::read_until(&mut dish, b"second");
                assert_eq!(said.len(), 13, "{said:?}");
            } else {
                wire::read_until(&mut dish, b"first");
            }
        }
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn radio_notes_a_group_of_a_peer_once() {
        let ctx = Ctx::new();
        let radio = ctx.socket(ZMQ_RADIO);
        let endpoint = radio.bound(&apart("tcp"));
        let mut dish = wire::introduced(&endpoint, &wire::hello("DISH"), b"RADIO");
        let joins = wire::command("JOIN", &[b'g'; 200]).repeat(1000);
        let before = allocated();
        for _ in 0..50 {
            dish.write_all(&joins).expect("taken");
            settle_briefly();
            radio.send_to_group("other", b"body");
            radio.process();
        }
        settle();
        radio.process();
        let grown = allocated().saturating_sub(before);
        assert!(grown < 3_000_000, "{grown}");
    }
}
