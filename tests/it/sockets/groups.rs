//! `Radio` and `Dish`, over connections and datagrams.

use std::{collections::BTreeMap, time::Duration};

use libzmq::prelude::*;

use crate::{
    common::{Transport, until, vacant_udp, watchdog},
    sockets::link::{Link, link, ms},
};

fn group(name: impl AsRef<[u8]>) -> Group {
    Group::new(name.as_ref()).unwrap()
}

/// Transmits until the dish receives it: then its earlier joins have arrived.
fn greet(radio: &Radio, dish: &Dish, name: &Group) {
    dish.set_recv_timeout(ms(5)).unwrap();
    until(|| {
        radio.transmit("anybody there?", name).unwrap();
        dish.recv_msg().is_ok()
    });
    // Some of these messages may still be on their way, before this one.
    radio.transmit("the last", name).unwrap();
    dish.set_recv_timeout(Infinite).unwrap();
    until(|| dish.recv_msg().unwrap() == "the last");
}

#[test]
fn dish_receives_only_exact_group_names() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let Link { bound: radio, connected: dish, ctx: _ctx } = link(
            transport,
            &RadioBuilder::new(),
            DishBuilder::new().join([group("news"), group("end")]),
        );
        greet(&radio, &dish, &group("end"));
        for name in ["new", "newspaper", "", "News", "news"] {
            radio.transmit(name, group(name)).unwrap();
        }
        let msg = dish.recv_msg().unwrap();
        assert_eq!((msg.group(), &msg), (Some(&*group("news")), &"news".into()), "{transport:?}");
        assert!(dish.try_recv_msg().is_err());
    }
}

#[test]
fn dish_receives_groups_it_joined_and_has_not_left() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let [a, b, end] = ["a", "b", "end"].map(group);
        let Link { bound: radio, connected: dish, ctx } =
            link(transport, &RadioBuilder::new(), DishBuilder::new().join([&b, &a, &b, &end]));
        assert_eq!(dish.joined(), [a.clone(), b.clone(), end.clone()]);
        dish.join(&a).unwrap();
        dish.clone().leave(&b).unwrap();
        assert_eq!(dish.joined(), [a.clone(), end.clone()]);
        let error = dish.leave(&b).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::NotFound(_)), "{error}");

        greet(&radio, &dish, &end);
        radio.transmit("left", &b).unwrap();
        radio.try_transmit("joined", &a).unwrap();
        assert_eq!(dish.recv_msg().unwrap(), "joined", "{transport:?}");

        // A radio that comes later hears of all groups that are joined.
        let late = RadioBuilder::new().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
        dish.connect(late.last_endpoint().unwrap()).unwrap();
        greet(&late, &dish, &end);
        late.transmit("late", &a).unwrap();
        assert_eq!(dish.recv_msg().unwrap(), "late", "{transport:?}");
    }
}

#[test]
fn group_name_over_255_bytes_is_an_error() {
    assert!(Group::new("x".repeat(255)).is_ok());
    assert!(Group::new("x".repeat(256)).is_err());
    assert!(Group::new("nul\0").is_err());
}

const LENGTHS: std::ops::RangeInclusive<usize> = 15..=255;

/// A group whose name does not fit into a message itself. Each dish joins a third of them.
fn long(length: usize) -> Group {
    group(vec![b'a' + (length % 26) as u8; length])
}

fn dish_for_a_third(third: usize) -> DishBuilder {
    let mut builder = DishBuilder::new();
    builder.join(LENGTHS.filter(|length| length % 3 == third).map(long));
    builder.join([everybody(), group(format!("end of {third}"))]);
    builder
}

/// The group that all dishes have joined.
fn everybody() -> Group {
    group("everybody who listens to any radio of these")
}

#[test]
fn messages_to_long_groups_reach_only_dishes_that_joined() {
    let _watchdog = watchdog();
    for transport in [Transport::Tcp, Transport::Inproc] {
        let ctx = Ctx::new();
        let radios = [(); 2].map(|()| {
            RadioBuilder::new()
                .bind(transport.anywhere())
                .send_hwm(0)
                .with_ctx(ctx.handle())
                .unwrap()
        });
        let endpoints = radios.each_ref().map(|radio| radio.last_endpoint().unwrap());
        let dishes = [0, 1, 2].map(|third| {
            dish_for_a_third(third)
                .connect(&endpoints[..])
                .recv_hwm(0)
                .with_ctx(ctx.handle())
                .unwrap()
        });
        for radio in &radios {
            for (third, dish) in dishes.iter().enumerate() {
                greet(radio, dish, &group(format!("end of {third}")));
            }
        }

        for (number, radio) in radios.iter().enumerate() {
            for length in LENGTHS {
                radio.transmit(format!("{number}: {length}"), long(length)).unwrap();
                radio.transmit(format!("{number}: {length} for all"), everybody()).unwrap();
            }
            for third in 0..dishes.len() {
                radio.transmit("end", group(format!("end of {third}"))).unwrap();
            }
        }

        for (third, dish) in dishes.iter().enumerate() {
            let mut received: BTreeMap<Group, Vec<String>> = BTreeMap::new();
            let mut ends = 0;
            while ends < radios.len() {
                let msg = dish.recv_msg().unwrap();
                if msg == "end" {
                    ends += 1;
                } else {
                    received
                        .entry(msg.group().unwrap().into())
                        .or_default()
                        .push(msg.to_str().unwrap().to_owned());
                }
            }
            let mut expected: BTreeMap<Group, Vec<String>> = LENGTHS
                .filter(|length| length % 3 == third)
                .map(|length| {
                    (
                        long(length),
                        (0..radios.len()).map(|number| format!("{number}: {length}")).collect(),
                    )
                })
                .collect();
            let for_all = (0..radios.len()).flat_map(|number| {
                LENGTHS.map(move |length| format!("{number}: {length} for all"))
            });
            expected.insert(everybody(), for_all.collect());
            received.values_mut().chain(expected.values_mut()).for_each(|texts| texts.sort());
            assert_eq!(received, expected, "{transport:?}, dish {third}");
        }
    }
}

#[test]
fn messages_to_long_groups_reach_only_dishes_that_joined_over_udp() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let endpoints = [(); 3].map(|()| vacant_udp());
    let dishes = [0, 1, 2].map(|third| {
        dish_for_a_third(third)
            .bind(&*endpoints[third])
            .recv_timeout(ms(100))
            .with_ctx(ctx.handle())
            .unwrap()
    });
    let radios = [(); 2].map(|()| {
        RadioBuilder::new()
            .connect(endpoints.each_ref().map(String::as_str))
            .with_ctx(ctx.handle())
            .unwrap()
    });

    for (number, radio) in radios.iter().enumerate() {
        for length in LENGTHS {
            for (name, hears) in [(long(length), 1), (everybody(), 3)] {
                let text = format!("{number}: {length} to {hears}");
                let mut heard = [false; 3];
                // A datagram may be lost, so it is sent until all dishes have it. Some receive it
                // more than once.
                until(|| {
                    radio.transmit(&*text, &name).unwrap();
                    for third in 0..3 {
                        while !heard[third] && (hears == 3 || length % 3 == third) {
                            let Ok(msg) = dishes[third].recv_msg() else { break };
                            let of = msg.group().unwrap();
                            assert!(
                                dishes[third].joined().iter().any(|joined| &**joined == of),
                                "dish {third} heard {of:?}"
                            );
                            if msg == text.as_str() {
                                assert_eq!(of, &*name);
                                heard[third] = true;
                            }
                        }
                    }
                    heard.iter().filter(|heard| **heard).count() == hears
                });
            }
        }
    }
}

#[test]
fn radio_bind_and_dish_connect_over_udp_are_unsupported() {
    let udp = vacant_udp();
    for error in [
        Radio::new().unwrap().bind(&*udp).unwrap_err(),
        Dish::new().unwrap().connect(&*udp).unwrap_err(),
        Client::new().unwrap().connect(&*udp).unwrap_err(),
        Pub::new().unwrap().bind(&*udp).unwrap_err(),
    ] {
        assert!(
            matches!(error.kind(), ErrorKind::Unsupported(_)) && error.to_string().contains(&udp),
            "{error}"
        );
    }
}

/// Transmits until it is heard.
fn over_udp(bind: &str, connect: &str) {
    let ctx = Ctx::new();
    let name = group("news");
    let dish = DishBuilder::new()
        .bind(bind)
        .join([&name])
        .recv_timeout(ms(20))
        .with_ctx(ctx.handle())
        .unwrap();
    let radio = RadioBuilder::new().connect(connect).with_ctx(ctx.handle()).unwrap();
    until(|| {
        radio.transmit("static", group("nobody's")).unwrap();
        radio.transmit("it rains", &name).unwrap();
        dish.recv_msg().is_ok_and(|msg| {
            assert_eq!((msg.group(), &msg), (Some(&*name), &"it rains".into()));
            true
        })
    });
}

#[test]
fn dish_receives_over_udp_unicast() {
    let _watchdog = watchdog();
    let udp = vacant_udp();
    over_udp(&udp, &udp);
}

/// On the loopback interface, so that it needs no network.
#[test]
fn dish_receives_over_udp_multicast() {
    let _watchdog = watchdog();
    let (_, port) = vacant_udp()
        .rsplit_once(':')
        .map(|(host, port)| (host.to_owned(), port.to_owned()))
        .unwrap();
    let udp = format!("udp://127.0.0.1;239.192.7.9:{port}");
    over_udp(&udp, &udp);
}

/// What a datagram cannot hold is an error, before anything is sent.
#[test]
fn radio_send_over_the_datagram_limit_is_invalid_input() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let udp = vacant_udp();
    let name = group("news");
    let dish = DishBuilder::new()
        .bind(&*udp)
        .join([&name])
        .recv_timeout(ms(50))
        .with_ctx(ctx.handle())
        .unwrap();
    let radio = RadioBuilder::new().connect(&*udp).with_ctx(ctx.handle()).unwrap();
    let largest = 8192 - 1 - "news".len();

    for transmit in [Radio::transmit::<Vec<u8>, &Group>, Radio::try_transmit::<Vec<u8>, &Group>] {
        let mut error = transmit(&radio, vec![7; largest + 1], &name).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error}");
        assert_eq!(error.take().unwrap().len(), largest + 1);
    }
    until(|| {
        radio.transmit(vec![7; largest], &name).unwrap();
        dish.recv_msg().is_ok_and(|msg| {
            assert!(msg == *vec![7; largest], "{} bytes", msg.len());
            true
        })
    });

    // A radio without datagrams knows no such limit.
    let Link { bound: radio, connected: dish, ctx: _ctx } =
        link(Transport::Tcp, &RadioBuilder::new(), DishBuilder::new().join([&name]));
    greet(&radio, &dish, &name);
    radio.transmit(vec![7; 100_000], &name).unwrap();
    assert_eq!(dish.recv_msg().unwrap().len(), 100_000);
}

/// Threads share a radio: each message arrives whole, with its own group.
#[test]
fn radio_shared_by_threads_sends_each_message_with_its_own_group() {
    const EACH: usize = 300;

    let _watchdog = watchdog();
    let names = ["short", "a group with a name that is longer than a message holds"].map(group);
    let Link { bound: radio, connected: dish, ctx: _ctx } = link(
        Transport::Tcp,
        RadioBuilder::new().send_hwm(0),
        DishBuilder::new().join(&names).recv_hwm(0),
    );
    names.iter().for_each(|name| greet(&radio, &dish, name));
    std::thread::scope(|scope| {
        for name in &names {
            let radio = radio.clone();
            scope.spawn(move || {
                (0..EACH).for_each(|_| radio.transmit(name.as_bytes(), name).unwrap())
            });
        }
        dish.set_recv_timeout(Duration::from_secs(30)).unwrap();
        for _ in 0..2 * EACH {
            let msg = dish.recv_msg().unwrap();
            assert_eq!(msg.group().unwrap().to_bytes(), msg.as_bytes());
        }
    });
}
