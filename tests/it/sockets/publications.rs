//! `Pub`, `Sub`, `XPub` and `XSub`.

use libzmq::prelude::*;

use crate::{
    common::{Transport, until, watchdog},
    sockets::link::{Link, link, ms},
};

fn subscribe(topic: &str) -> Subscription {
    Subscription::Subscribe(topic.into())
}

fn unsubscribe(topic: &str) -> Subscription {
    Subscription::Unsubscribe(topic.into())
}

fn received(publisher: &XPub) -> Subscription {
    publisher.recv_subscription().unwrap()
}

#[test]
fn sub_receives_messages_that_begin_with_its_topic() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let Link { bound, connected, ctx: _ctx } =
            link(transport, &XPubBuilder::new(), SubBuilder::new().subscribe(["a.", "b"]));
        assert_eq!(
            [received(&bound), received(&bound)]
                .map(|told| told == subscribe("a.") || told == subscribe("b")),
            [true; 2]
        );
        assert_eq!(
            (bound.get(opt::TopicsCount).unwrap(), connected.get(opt::TopicsCount).unwrap()),
            (2, 2)
        );
        for msg in ["a", "a.", "a.b", "c", "", "b", "ab", "bc", "end"] {
            bound.send(msg).unwrap();
        }
        for msg in ["a.", "a.b", "b", "bc"] {
            assert_eq!(connected.recv_msg().unwrap(), msg, "{transport:?}");
        }

        connected.unsubscribe("a.").unwrap();
        assert_eq!(received(&bound), unsubscribe("a."));
        // An unsubscribe without a subscription is no error.
        connected.unsubscribe("never").unwrap();
        connected.subscribe("").unwrap();
        assert_eq!(received(&bound), subscribe(""));
        bound.send("anything").unwrap();
        assert_eq!(connected.recv_msg().unwrap(), "anything");
        assert!(connected.try_recv_msg().is_err());
    }
}

#[test]
fn sub_topic_subscribed_twice_ends_with_the_second_unsubscribe() {
    let _watchdog = watchdog();
    let Link { bound, connected, ctx: _ctx } = link(
        Transport::Tcp,
        &XPubBuilder::new(),
        SubBuilder::new().subscribe(["twice", "twice", "end"]),
    );
    assert_eq!(
        [received(&bound), received(&bound)]
            .map(|told| told == subscribe("twice") || told == subscribe("end")),
        [true; 2]
    );
    connected.unsubscribe("twice").unwrap();
    bound.send("twice once more").unwrap();
    assert_eq!(connected.recv_msg().unwrap(), "twice once more");
    connected.unsubscribe("twice").unwrap();
    assert_eq!(received(&bound), unsubscribe("twice"));
    bound.send("twice no more").unwrap();
    bound.send("end").unwrap();
    assert_eq!(connected.recv_msg().unwrap(), "end");
}

#[test]
fn sub_topic_may_be_any_bytes() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let Link { bound, connected, ctx: _ctx } =
            link(transport, &XPubBuilder::new(), SubBuilder::new().subscribe([[0xff, 0x00, 0x01]]));
        assert_eq!(received(&bound), Subscription::Subscribe([0xff, 0x00, 0x01].into()));
        bound.send([0xff, 0x00, 0x02]).unwrap();
        bound.send([0xff, 0x00, 0x01, 0x07]).unwrap();
        assert_eq!(connected.recv_msg().unwrap(), [0xff, 0x00, 0x01, 0x07]);
    }
}

/// A publication reaches every subscriber whose subscription has arrived.
#[test]
fn pub_sends_to_every_subscriber() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let Link { bound, connected: first, ctx } = link(
            transport,
            &PubBuilder::new(),
            SubBuilder::new().subscribe(["", "twice is once"]).recv_timeout(ms(5)),
        );
        let second = SubBuilder::new()
            .connect(bound.last_endpoint().unwrap())
            .subscribe("")
            .with_ctx(ctx.handle())
            .unwrap();
        second.set_recv_timeout(ms(5)).unwrap();
        let mut heard = [false; 2];
        until(|| {
            bound.send("anybody there?").unwrap();
            heard[0] |= first.recv_msg().is_ok();
            heard[1] |= second.recv_msg().is_ok();
            heard == [true; 2]
        });
        bound.send_multipart(["end", "of it"]).unwrap();
        for sub in [first, second] {
            sub.set_recv_timeout(Infinite).unwrap();
            until(|| sub.recv_multipart().unwrap() == ["end", "of it"]);
            assert!(sub.try_recv_msg().is_err());
        }
    }
}

#[test]
fn invert_matching_delivers_messages_that_do_not_match() {
    let _watchdog = watchdog();
    let Link { bound, connected, ctx: _ctx } = link(
        Transport::Tcp,
        XPubBuilder::new().invert_matching(true),
        SubBuilder::new().invert_matching(true).subscribe("not this"),
    );
    assert_eq!(received(&bound), subscribe("not this"));
    for msg in ["not this one", "but this", "not this", "and this"] {
        bound.send(msg).unwrap();
    }
    assert_eq!(
        [connected.recv_msg().unwrap(), connected.recv_msg().unwrap()],
        ["but this", "and this"]
    );
}

/// Two subscribers subscribe to one topic, the second to another as well, and then both unsubscribe
/// from the first.
fn told(publisher: &mut XPubBuilder) -> Vec<Subscription> {
    let Link { bound, connected: first, ctx } =
        link(Transport::Tcp, publisher, SubBuilder::new().subscribe("news"));
    let mut told = vec![received(&bound)];
    let second =
        SubBuilder::new().connect(bound.last_endpoint().unwrap()).with_ctx(ctx.handle()).unwrap();
    let mut told_until = |end: Subscription| {
        while told.last() != Some(&end) {
            told.push(received(&bound));
        }
    };
    for topic in ["news", "1"] {
        second.subscribe(topic).unwrap();
    }
    told_until(subscribe("1"));
    first.unsubscribe("news").unwrap();
    first.subscribe("2").unwrap();
    told_until(subscribe("2"));
    second.unsubscribe("news").unwrap();
    second.subscribe("3").unwrap();
    told_until(subscribe("3"));
    told
}

#[test]
fn xpub_verbose_options_report_repeated_subscriptions() {
    let _watchdog = watchdog();
    let [news, one, two, three] = ["news", "1", "2", "3"].map(subscribe);
    let end = unsubscribe("news");
    let brief = [&news, &one, &two, &end, &three];
    assert_eq!(told(&mut XPubBuilder::new()).iter().collect::<Vec<_>>(), brief);
    let verbose = [&news, &news, &one, &two, &end, &three];
    assert_eq!(told(XPubBuilder::new().verbose(true)).iter().collect::<Vec<_>>(), verbose);
    let verboser = [&news, &news, &one, &end, &two, &end, &three];
    assert_eq!(told(XPubBuilder::new().verboser(true)).iter().collect::<Vec<_>>(), verboser);
}

#[test]
fn xpub_receives_unsubscribe_of_a_disconnected_subscriber() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let Link { bound, connected, ctx: _ctx } =
            link(transport, &XPubBuilder::new(), SubBuilder::new().subscribe("news"));
        assert_eq!(received(&bound), subscribe("news"));
        drop(connected);
        assert_eq!(received(&bound), unsubscribe("news"), "{transport:?}");
    }
}

#[test]
fn manual_xpub_sends_only_topics_it_subscribed() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        // An XSUB takes whatever it is sent.
        let Link { bound, connected, ctx: _ctx } = link(
            transport,
            XPubBuilder::new().manual(true),
            XSubBuilder::new().subscribe("asked for"),
        );
        assert_eq!(received(&bound), subscribe("asked for"));
        bound.send("asked for, not granted").unwrap();
        bound.subscribe("granted").unwrap();
        bound.send("asked for, not granted").unwrap();
        bound.send("granted").unwrap();
        assert_eq!(connected.recv_msg().unwrap(), "granted");
        bound.unsubscribe("granted").unwrap();
        bound.send("granted no more").unwrap();
        bound.subscribe("end").unwrap();
        bound.send("end").unwrap();
        assert_eq!(connected.recv_msg().unwrap(), "end");
    }
    let error = XPub::new().unwrap().subscribe("not manual").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error}");
}

#[test]
fn xpub_manual_last_value_sends_to_the_newest_subscriber_only() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let Link { bound, connected: first, ctx } = link(
            transport,
            XPubBuilder::new().manual_last_value(true),
            SubBuilder::new().subscribe("gold"),
        );
        let confirm = || {
            let Subscription::Subscribe(topic) = received(&bound) else {
                panic!("no subscription")
            };
            bound.subscribe(&topic).unwrap();
        };
        confirm();
        bound.send("gold 1").unwrap();
        assert_eq!(first.recv_msg().unwrap(), "gold 1");
        let second = SubBuilder::new()
            .connect(bound.last_endpoint().unwrap())
            .subscribe("gold")
            .with_ctx(ctx.handle())
            .unwrap();
        confirm();
        bound.send("gold 2").unwrap();
        assert_eq!(second.recv_msg().unwrap(), "gold 2", "{transport:?}");
        // To all again: only a message right after the subscription goes to the newest alone.
        bound.send("gold 3").unwrap();
        assert_eq!(
            [first.recv_msg().unwrap(), second.recv_msg().unwrap()],
            ["gold 3", "gold 3"],
            "{transport:?}"
        );
    }
}

#[test]
fn xpub_welcome_message_reaches_a_new_subscriber() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let Link { bound, connected, ctx } = link(
            transport,
            XPubBuilder::new().welcome_message("Welcome!"),
            SubBuilder::new().subscribe("W"),
        );
        // A single-threaded socket processes a new peer within a call.
        assert_eq!(received(&bound), subscribe("W"));
        assert_eq!(connected.recv_msg().unwrap(), "Welcome!", "{transport:?}");
        bound.set(opt::WelcomeMessage, "").unwrap();
        let later = SubBuilder::new()
            .connect(bound.last_endpoint().unwrap())
            .subscribe(["W", "later"])
            .with_ctx(ctx.handle())
            .unwrap();
        until(|| received(&bound) == subscribe("later"));
        bound.send("later").unwrap();
        assert_eq!(later.recv_msg().unwrap(), "later", "{transport:?}");
    }
}

/// What an `XSub` sends that is not a subscription reaches an `XPub` as it is.
#[test]
fn xpub_receives_messages_of_an_xsub() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let Link { bound, connected, ctx: _ctx } =
            link(transport, &XPubBuilder::new(), XSubBuilder::new().subscribe("a"));
        assert_eq!(received(&bound), subscribe("a"));
        connected.send("hello").unwrap();
        assert_eq!(received(&bound), Subscription::Message("hello".into()));
        connected.unsubscribe("a").unwrap();
        assert_eq!(received(&bound), unsubscribe("a"));
        connected.send("").unwrap();
        assert_eq!(received(&bound), Subscription::Message("".into()));
    }
}

/// By default each part of what an `XSub` sends may be a subscription; with the option, only a
/// message that begins with one has such.
#[test]
fn only_first_subscribe_ignores_subscriptions_in_later_parts() {
    let _watchdog = watchdog();
    for only_first in [false, true] {
        let Link { bound, connected, ctx: _ctx } = link(
            Transport::Tcp,
            XPubBuilder::new().only_first_subscribe(only_first),
            XSubBuilder::new().only_first_subscribe(only_first).subscribe("start"),
        );
        assert_eq!(received(&bound), subscribe("start"));
        connected.send_multipart(["data", "\u{1}topic"]).unwrap();
        connected.subscribe("end").unwrap();
        until(|| bound.recv_multipart().unwrap() == ["\u{1}end"]);
        assert_eq!(bound.get(opt::TopicsCount).unwrap(), if only_first { 2 } else { 3 });
    }
}

/// Without the option only the last unsubscribe of a topic is sent.
#[test]
fn xsub_verbose_unsubscribe_sends_each_unsubscribe() {
    let _watchdog = watchdog();
    for verbose in [false, true] {
        let Link { bound, connected, ctx: _ctx } = link(
            Transport::Tcp,
            XPubBuilder::new().verboser(true),
            XSubBuilder::new().verbose_unsubscribe(verbose).subscribe(["twice", "twice"]),
        );
        assert_eq!(received(&bound), subscribe("twice"));
        connected.unsubscribe("twice").unwrap();
        connected.subscribe("end").unwrap();
        let mut ends = 0;
        until(|| match received(&bound) {
            Subscription::Unsubscribe(_) => {
                ends += 1;
                false
            }
            other => other == subscribe("end"),
        });
        assert_eq!(ends, usize::from(verbose));
    }
}

/// An `XSub` and an `XPub` make a forwarder.
#[test]
fn xsub_and_xpub_forward_publications() {
    let _watchdog = watchdog();
    let Link { bound: back, connected: sub, ctx } =
        link(Transport::Tcp, &XPubBuilder::new(), SubBuilder::new().subscribe("a"));
    let publisher =
        PubBuilder::new().bind(Transport::Inproc.anywhere()).with_ctx(ctx.handle()).unwrap();
    let front = XSubBuilder::new()
        .connect(publisher.last_endpoint().unwrap())
        .with_ctx(ctx.handle())
        .unwrap();
    sub.set_recv_timeout(ms(5)).unwrap();
    until(|| {
        publisher.send_multipart(["ab", "c"]).unwrap();
        publisher.send("b").unwrap();
        while let Ok(parts) = back.try_recv_multipart() {
            front.send_multipart(parts).unwrap();
        }
        while let Ok(parts) = front.try_recv_multipart() {
            back.send_multipart(parts).unwrap();
        }
        sub.recv_multipart().is_ok_and(|parts| parts == ["ab", "c"])
    });
}
