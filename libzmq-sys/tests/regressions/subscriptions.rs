//! Subscriptions and joins are never dropped, however many there are.

use std::thread;
use std::time::Duration;

use crate::zmq::*;

const MANY: u32 = 5000;

const TRANSPORTS: [&str; 4] = ["inproc://x", "tcp://127.0.0.1:*", "ipc://*", "ws://127.0.0.1:*"];

fn name(number: u32) -> String {
    format!("topic {number:06}")
}

/// Adds or removes a subscription.
fn change(subscriber: Sock, kind: u32, name: &str, added: bool) {
    if kind == ZMQ_XSUB {
        let body = [&[u8::from(added)], name.as_bytes()].concat();
        assert_eq!(subscriber.send(&body, DONTWAIT), Ok(body.len()));
    } else {
        let option = if added { ZMQ_SUBSCRIBE } else { ZMQ_UNSUBSCRIBE };
        assert_eq!(subscriber.try_set(option, name.as_bytes()), Ok(0));
    }
}

/// Receives as many notifications, which may come in any order.
fn notified(xpub: Sock, count: u32, added: bool) {
    let mut names: Vec<_> = (0..count)
        .map(|place| {
            let msg = xpub.recv_within(Duration::from_secs(10));
            let msg = msg.unwrap_or_else(|_| panic!("{added} {place}"));
            assert_eq!(msg.body()[0], u8::from(added));
            String::from_utf8_lossy(&msg.body()[1..]).into_owned()
        })
        .collect();
    names.sort_unstable();
    assert!(names.into_iter().eq((0..count).map(name)));
}

fn tells_of_each_topic(kind: u32) {
    for endpoint in TRANSPORTS {
        for connected_first in [false, true] {
            let ctx = Ctx::new();
            let (xpub, subscriber) = (ctx.socket(ZMQ_XPUB), ctx.socket(kind));
            let endpoint = xpub.bound(endpoint);
            if connected_first {
                assert_eq!(subscriber.connect(&endpoint), Ok(0));
            }
            (0..MANY).for_each(|number| change(subscriber, kind, &name(number), true));
            if !connected_first {
                assert_eq!(subscriber.connect(&endpoint), Ok(0));
            }
            notified(xpub, MANY, true);
            (0..MANY).for_each(|number| change(subscriber, kind, &name(number), false));
            notified(xpub, MANY, false);
        }
    }
}

/// Messages to each of many groups; one to the last group arrives when all joins have.
fn reaches_each_group(radio: Sock, dish: Sock) {
    eventually("a message", || {
        radio.send_to_group(&name(MANY - 1), b"");
        dish.recv_within(Duration::from_millis(5)).ok()
    });
    while dish.recv_within(Duration::from_millis(20)).is_ok() {}
    (0..MANY).for_each(|number| radio.send_to_group(&name(number), b""));
    for number in 0..MANY {
        let msg = dish.recv_within(Duration::from_secs(10)).expect("each message");
        assert_eq!(msg.group(), name(number));
    }
}

fn radio_and_dish(ctx: Ctx) -> [Sock; 2] {
    [ZMQ_RADIO, ZMQ_DISH].map(|kind| {
        let socket = ctx.socket(kind);
        // The messages, not the joins, may need it.
        socket.set(if kind == ZMQ_RADIO { ZMQ_SNDHWM } else { ZMQ_RCVHWM }, 0);
        socket
    })
}

/// Binds another socket where one was closed.
fn rebound(ctx: Ctx, kind: u32, endpoint: &str) -> Sock {
    eventually("the endpoint is free", || {
        let socket = ctx.socket(kind);
        socket.set(ZMQ_SNDHWM, 0);
        socket.bind(endpoint).map(|_| socket).inspect_err(|_| socket.close()).ok()
    })
}

cases! {
    fn sub_sends_each_of_many_subscriptions() {
        tells_of_each_topic(ZMQ_SUB);
    }

    fn xsub_sends_each_of_many_subscriptions() {
        tells_of_each_topic(ZMQ_XSUB);
    }

    fn dish_sends_each_of_many_joins() {
        for endpoint in &TRANSPORTS[..3] {
            for connected_first in [false, true] {
                let ctx = Ctx::new();
                let [radio, dish] = radio_and_dish(ctx);
                let endpoint = radio.bound(endpoint);
                if connected_first {
                    assert_eq!(dish.connect(&endpoint), Ok(0));
                }
                (0..MANY).for_each(|number| assert_eq!(dish.join(&name(number)), Ok(0)));
                if !connected_first {
                    assert_eq!(dish.connect(&endpoint), Ok(0));
                }
                reaches_each_group(radio, dish);
            }
        }
    }

    fn sub_sends_each_of_many_subscriptions_to_a_publisher_that_restarts() {
        let ctx = Ctx::new();
        let (xpub, sub) = (ctx.socket(ZMQ_XPUB), ctx.socket(ZMQ_SUB));
        let endpoint = xpub.bound(&apart("tcp"));
        (0..MANY).for_each(|number| change(sub, ZMQ_SUB, &name(number), true));
        assert_eq!(sub.connect(&endpoint), Ok(0));
        notified(xpub, MANY, true);
        xpub.close();
        let xpub = rebound(ctx, ZMQ_XPUB, &endpoint);
        eventually("the connection", || {
            sub.process();
            (xpub.get(ZMQ_EVENTS) & ZMQ_POLLIN as i32 != 0).then_some(())
        });
        notified(xpub, MANY, true);
    }

    fn dish_sends_each_of_many_joins_to_a_radio_that_restarts() {
        let ctx = Ctx::new();
        let [radio, dish] = radio_and_dish(ctx);
        let endpoint = radio.bound(&apart("tcp"));
        (0..MANY).for_each(|number| assert_eq!(dish.join(&name(number)), Ok(0)));
        assert_eq!(dish.connect(&endpoint), Ok(0));
        reaches_each_group(radio, dish);
        radio.close();
        reaches_each_group(rebound(ctx, ZMQ_RADIO, &endpoint), dish);
    }

    fn subscribers_that_connect_twice_receive_each_message_once() {
        for (kind, publisher) in [(ZMQ_SUB, ZMQ_PUB), (ZMQ_XSUB, ZMQ_XPUB), (ZMQ_DISH, ZMQ_RADIO)] {
            for endpoint in &TRANSPORTS[..3] {
                for binds in [false, true] {
                    let ctx = Ctx::new();
                    let (subscriber, publisher) = (ctx.socket(kind), ctx.socket(publisher));
                    let [bound, connected] =
                        if binds { [subscriber, publisher] } else { [publisher, subscriber] };
                    if kind == ZMQ_DISH {
                        assert_eq!(subscriber.join("g"), Ok(0));
                    } else {
                        change(subscriber, kind, "", true);
                    }
                    let endpoint = bound.bound(endpoint);
                    assert_eq!(connected.connect(&endpoint), Ok(0));
                    assert_eq!(connected.connect(&endpoint), Ok(0));
                    let mut sent = 0;
                    let mut send = || {
                        sent += 1;
                        let body = sent.to_string();
                        if kind == ZMQ_DISH {
                            publisher.send_to_group("g", body.as_bytes());
                        } else {
                            assert_eq!(publisher.send(body.as_bytes(), 0), Ok(body.len()));
                        }
                    };
                    let mut received = vec![eventually("a message", || {
                        send();
                        subscriber.recv_within(Duration::from_millis(5)).ok()
                    })];
                    // A second connection has been made as well.
                    settle();
                    (0..10).for_each(|_| send());
                    while let Ok(msg) = subscriber.recv_within(Duration::from_millis(30)) {
                        received.push(msg);
                    }
                    let numbers: Vec<u32> = received
                        .iter()
                        .map(|msg| String::from_utf8_lossy(msg.body()).parse().expect("a number"))
                        .collect();
                    assert!(numbers.is_sorted_by(|a, b| a < b), "{endpoint} {kind}: {numbers:?}");
                }
            }
        }
    }

    fn xpub_receives_messages_with_parts_that_are_subscriptions_whole() {
        let messages: [&[&[u8]]; 6] = [
            &[b"data", b"\x01topic"],
            &[b"data", b"\x01topic"],
            &[b"data", b"\x01other", b"more"],
            &[b"data", b"\x00unknown", b"\x00other"],
            &[b"data", b"\x01topic", b"", b"\x00"],
            &[b"end"],
        ];
        for endpoint in TRANSPORTS {
            for manual in [0, 1] {
                let ctx = Ctx::new();
                let [xpub, xsub] = [ZMQ_XPUB, ZMQ_XSUB].map(|kind| ctx.socket(kind));
                xpub.set(ZMQ_XPUB_MANUAL, manual);
                assert_eq!(xsub.connect(&xpub.bound(endpoint)), Ok(0));
                for parts in messages {
                    for (place, part) in parts.iter().enumerate() {
                        let flags = if place + 1 < parts.len() { SNDMORE } else { 0 };
                        assert_eq!(xsub.send(part, flags), Ok(part.len()));
                    }
                }
                for parts in messages {
                    assert_eq!(xpub.multipart(), parts, "{endpoint}");
                }
                assert_eq!(xpub.get(ZMQ_TOPICS_COUNT), 1 - manual);
            }
        }
    }

    fn xpub_in_manual_mode_again_knows_the_sender_of_each_subscription() {
        let subscription = |xpub: Sock| {
            let msg = xpub.recv_within(SOON).expect("a subscription");
            assert_eq!(msg.body(), b"\x01topic");
        };
        for endpoint in TRANSPORTS {
            let ctx = Ctx::new();
            let xpub = ctx.socket(ZMQ_XPUB);
            let endpoint = xpub.bound(endpoint);
            let [first, second] = [ZMQ_XSUB, ZMQ_XSUB].map(|kind| ctx.socket(kind));
            for (xsub, manual) in [(first, 0), (second, 1)] {
                xpub.set(ZMQ_XPUB_MANUAL, manual);
                change(xsub, ZMQ_XSUB, "topic", true);
                assert_eq!(xsub.connect(&endpoint), Ok(0));
                settle();
                xpub.process();
            }

            subscription(xpub);
            assert_eq!(xpub.try_set(ZMQ_SUBSCRIBE, b"x"), Ok(0));
            assert_eq!(xpub.send(b"x", 0), Ok(1));
            assert!(first.recv_within(SOON).is_ok(), "{endpoint}");

            subscription(xpub);
            xpub.set(ZMQ_XPUB_MANUAL, 0);
            second.close();
            for _ in 0..3 {
                settle();
                xpub.process();
            }
            xpub.set(ZMQ_XPUB_MANUAL, 1);
            let topics = xpub.get(ZMQ_TOPICS_COUNT);
            assert_eq!(xpub.try_set(ZMQ_SUBSCRIBE, b"gone"), Ok(0));
            assert_eq!(xpub.get(ZMQ_TOPICS_COUNT), topics, "{endpoint}");
        }
    }

    fn xpub_receives_shared_messages_as_its_own() {
        let ctx = Ctx::new();
        let xsub = ctx.socket(ZMQ_XSUB);
        let xpubs = ["inproc://a", "inproc://b"].map(|endpoint| {
            let xpub = ctx.socket(ZMQ_XPUB);
            assert_eq!(xpub.bind(endpoint), Ok(0));
            assert_eq!(xsub.connect(endpoint), Ok(0));
            xpub
        });
        assert_eq!(xsub.send(&[b'x'; 500], 0), Ok(500));
        for xpub in xpubs {
            let msg = xpub.recv_within(SOON).expect("the message");
            assert_eq!(msg.property(ZMQ_SHARED), 0);
            let mut copy = Msg::new(b"");
            copy.copy(&msg);
            assert_eq!(copy.property(ZMQ_SHARED), 1);
            drop(msg);
            // What takes the place of memory that was freed.
            let other = Msg::new(&[b'y'; 500]);
            assert_eq!(copy.body(), [b'x'; 500]);
            drop(other);
        }
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn subscriptions_added_and_removed_without_a_peer_do_not_fill_the_memory() {
        let ctx = Ctx::new();
        let xpub = ctx.socket(ZMQ_XPUB);
        let endpoint = xpub.bound(&apart("tcp"));
        xpub.close();
        for kind in [ZMQ_SUB, ZMQ_XSUB] {
            let subscriber = ctx.socket(kind);
            assert_eq!(subscriber.connect(&endpoint), Ok(0));
            change(subscriber, kind, &name(0), true);
            change(subscriber, kind, &name(1), true);
            let before = allocated();
            for number in 0..200_000 {
                change(subscriber, kind, &name(3 + number), true);
                change(subscriber, kind, &name(3 + number), false);
            }
            change(subscriber, kind, &name(1), false);
            change(subscriber, kind, &name(2), true);
            let grown = allocated().saturating_sub(before);
            assert!(grown < 2_000_000, "{grown}");
            // What counts arrives, among much that does not.
            let xpub = rebound(ctx, ZMQ_XPUB, &endpoint);
            let mut topics = std::collections::BTreeSet::new();
            eventually("the topics that are left", || {
                subscriber.process();
                while let Ok(msg) = xpub.recv(DONTWAIT) {
                    let topic = msg.body()[1..].to_vec();
                    if msg.body()[0] == 1 { topics.insert(topic) } else { topics.remove(&topic) };
                }
                topics.iter().eq([name(0), name(2)].map(String::into_bytes).iter()).then_some(())
            });
            subscriber.close();
            xpub.close();
        }
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn joins_added_and_removed_without_a_peer_do_not_fill_the_memory() {
        let ctx = Ctx::new();
        let [radio, dish] = radio_and_dish(ctx);
        let endpoint = radio.bound(&apart("tcp"));
        radio.close();
        assert_eq!(dish.connect(&endpoint), Ok(0));
        assert_eq!(dish.join("kept"), Ok(0));
        let before = allocated();
        for number in 0..200_000 {
            assert_eq!(dish.join(&name(number)), Ok(0));
            assert_eq!(dish.leave(&name(number)), Ok(0));
        }
        let grown = allocated().saturating_sub(before);
        assert!(grown < 2_000_000, "{grown}");
        assert_eq!(dish.join("last"), Ok(0));
        let radio = rebound(ctx, ZMQ_RADIO, &endpoint);
        for group in ["kept", "last"] {
            eventually("a message", || {
                radio.send_to_group(group, b"");
                dish.recv_within(Duration::from_millis(5)).ok().filter(|msg| msg.group() == group)
            });
        }
    }

    fn topics_that_begin_with_each_other_need_no_stack() {
        let subscribe = || {
            const COUNT: usize = 5000;
            let ctx = Ctx::new();
            let (xsub, xpub) = (ctx.socket(ZMQ_XSUB), ctx.socket(ZMQ_XPUB));
            let subscription = [&[1_u8][..], &[b'a'; COUNT]].concat();
            for size in 2..=COUNT + 1 {
                assert_eq!(xsub.send(&subscription[..size], 0), Ok(size));
            }
            xpub.set(ZMQ_RCVHWM, 0);
            assert_eq!(xpub.bind("inproc://x"), Ok(0));
            assert_eq!(xsub.connect("inproc://x"), Ok(0));
            for size in 2..=COUNT + 1 {
                assert_eq!(xpub.recv_within(SOON).expect("a topic").body(), &subscription[..size]);
            }
            // Another one, in the middle of two branches, and all of it is unsubscribed.
            assert_eq!(xsub.send(b"\x01aab", 0), Ok(4));
            assert_eq!(xpub.recv_within(SOON).expect("a topic").body(), b"\x01aab");
            xsub.close();
            xpub.close();
            assert_eq!(ctx.term(), Ok(0));
        };
        // The frames of a debug build of the case itself need most of it.
        let thread = thread::Builder::new().stack_size(192 << 10).spawn(subscribe);
        thread.expect("a thread").join().expect("no panic");
    }
}
