//! Messages of several parts: all of them or none.

use libzmq::{prelude::*, *};

use crate::{
    common::{Transport, fill_by, until, watchdog},
    sockets::link::{Link, link, ms},
};

/// Messages of 1 to 50 parts of 0 to 100 kB, the same each time.
fn messages() -> impl Iterator<Item = Multipart> {
    let mut state = 7_u32;
    let mut below = move |limit: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % limit
    };
    let extremes = [vec![0], vec![100_000], vec![0; 50], vec![33, 34, 0, 35]];
    let mut sizes: Vec<Vec<usize>> = extremes.into();
    for _ in 0..4 {
        let count = 1 + below(50);
        // Most are small, and some as large as can be.
        sizes.push(
            (0..count).map(|place| below(if place % 8 == 0 { 100_001 } else { 300 })).collect(),
        );
    }
    let part = |size| (0..size).map(|place| (place % 251 + size) as u8).collect::<Vec<u8>>();
    sizes.into_iter().map(move |sizes| sizes.into_iter().map(part).collect())
}

/// Sends each message, and receives it whole.
fn arrive<S, R>(way: &str, sender: &S, receiver: &R)
where
    S: SendMultipart,
    R: RecvMultipart,
{
    for parts in messages() {
        sender.send_multipart(parts.clone()).unwrap();
        let received = receiver.recv_multipart().unwrap();
        assert_eq!(received.len(), parts.len(), "{way}");
        assert!(received == parts, "{way}: {} parts", parts.len());
    }
}

#[test]
fn multipart_messages_arrive_whole_over_every_transport() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let way = format!("{transport:?}");

        let pair = link(transport, &PairBuilder::new(), &PairBuilder::new());
        arrive(&way, &pair.bound, &pair.connected);
        arrive(&way, &pair.connected, &pair.bound);

        let pipeline = link(transport, &PullBuilder::new(), &PushBuilder::new());
        arrive(&way, &pipeline.connected, &pipeline.bound);

        let dealers = link(transport, &DealerBuilder::new(), &DealerBuilder::new());
        arrive(&way, &dealers.bound, &dealers.connected);
        arrive(&way, &dealers.connected, &dealers.bound);

        let publication = link(transport, &XPubBuilder::new(), SubBuilder::new().subscribe(""));
        publication.bound.recv_subscription().unwrap();
        arrive(&way, &publication.bound, &publication.connected);

        let publication = link(transport, &XPubBuilder::new(), XSubBuilder::new().subscribe(""));
        publication.bound.recv_subscription().unwrap();
        arrive(&way, &publication.bound, &publication.connected);
    }
}

#[test]
fn router_and_rep_return_multipart_messages_whole() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let Link { bound: router, connected: dealer, ctx: _ctx } =
            link(transport, &RouterBuilder::new(), &DealerBuilder::new());
        let Link { bound: rep, connected: req, ctx: _ctx } =
            link(transport, &RepBuilder::new(), &ReqBuilder::new());
        for parts in messages() {
            dealer.send_multipart(parts.clone()).unwrap();
            let (who, received) = router.recv_from().unwrap();
            assert!(received == parts, "{transport:?}");
            router.route(received, &who).unwrap();
            assert!(dealer.recv_multipart().unwrap() == parts, "{transport:?}");

            req.send_multipart(parts.clone()).unwrap();
            let received = rep.recv_multipart().unwrap();
            assert!(received == parts, "{transport:?}");
            rep.send_multipart(received).unwrap();
            assert!(req.recv_multipart().unwrap() == parts, "{transport:?}");
        }
    }
}

/// At the high water mark a message comes back whole, and what arrives is whole too.
fn all_or_none<S, R>()
where
    S: SendMultipart,
    R: RecvMultipart,
{
    let numbered = |number: usize| {
        Multipart::from([number.to_string(), "x".repeat(30_000), String::new(), "end".into()])
    };
    for transport in Transport::COMMON.iter().copied() {
        let Link { bound, connected, ctx: _ctx } = link(
            transport,
            Builder::<R>::new().option(opt::RecvHwm, 2),
            Builder::<S>::new().option(opt::SendHwm, 2),
        );
        let mut sent = fill_by(|sent| {
            connected
                .try_send_multipart(numbered(sent))
                .inspect_err(|error| assert_eq!(*error.content().unwrap(), numbered(sent)))
        });
        assert!(sent >= 2);
        connected.set_send_timeout(ms(10)).unwrap();
        let mut error = loop {
            match connected.send_multipart(numbered(sent)) {
                // The kernel has found more room after all.
                Ok(()) => sent += 1,
                Err(error) => break error,
            }
        };
        assert_eq!((error.kind(), error.take().unwrap()), (ErrorKind::WouldBlock, numbered(sent)));

        for number in 0..sent {
            assert!(bound.recv_multipart().unwrap() == numbered(number), "{transport:?}");
        }
        assert_eq!(bound.try_recv_multipart().unwrap_err().kind(), ErrorKind::WouldBlock);
        until(|| connected.try_send_multipart(numbered(sent)).is_ok());
        assert!(bound.recv_multipart().unwrap() == numbered(sent), "{transport:?}");
    }
}

#[test]
fn multipart_send_at_the_high_water_mark_sends_all_parts_or_none() {
    let _watchdog = watchdog();
    all_or_none::<Push, Pull>();
    all_or_none::<Pair, Pair>();
    all_or_none::<Dealer, Dealer>();
}

/// `recv_msg` returns an error for a multipart message, whose parts can then be received.
#[test]
fn recv_msg_of_a_multipart_message_is_an_error_and_keeps_its_parts() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let Link { bound: pull, connected: push, ctx: _ctx } =
            link(transport, &PullBuilder::new(), &PushBuilder::new());
        push.send("one").unwrap();
        push.send_multipart(["a", "b", "c"]).unwrap();
        push.send_multipart(["passed", "over"]).unwrap();
        push.send("two").unwrap();
        push.send_multipart(["single"]).unwrap();
        push.send_multipart(["d", "e"]).unwrap();

        assert_eq!(pull.recv_msg().unwrap(), "one");
        assert_eq!(pull.recv_msg().unwrap_err().kind(), ErrorKind::Multipart);
        assert_eq!(pull.recv_multipart().unwrap(), ["a", "b", "c"]);
        assert_eq!(pull.recv_msg().unwrap_err().kind(), ErrorKind::Multipart);
        // Another `recv_msg` drops that message.
        assert_eq!(pull.recv_msg().unwrap(), "two");
        assert_eq!(pull.recv_msg().unwrap(), "single");
        let mut msg = Msg::from("old");
        until(|| match pull.try_recv(&mut msg).unwrap_err().kind() {
            ErrorKind::Multipart => true,
            kind => {
                assert_eq!(kind, ErrorKind::WouldBlock);
                false
            }
        });
        assert_eq!(pull.try_recv_multipart().unwrap(), ["d", "e"], "{transport:?}");
        assert_eq!(pull.try_recv_multipart().unwrap_err().kind(), ErrorKind::WouldBlock);
    }
}

#[test]
fn multipart_request_can_be_answered_after_recv_msg_fails() {
    let _watchdog = watchdog();
    let Link { bound: rep, connected: req, ctx: _ctx } =
        link(Transport::Tcp, &RepBuilder::new(), &ReqBuilder::new());
    req.send_multipart(["several", "parts"]).unwrap();
    assert_eq!(rep.recv_msg().unwrap_err().kind(), ErrorKind::Multipart);
    assert_eq!(rep.recv_multipart().unwrap(), ["several", "parts"]);
    rep.send_multipart(["several", "answers"]).unwrap();
    assert_eq!(req.recv_msg().unwrap_err().kind(), ErrorKind::Multipart);
    assert_eq!(req.recv_multipart().unwrap(), ["several", "answers"]);
    req.send("next").unwrap();
    assert_eq!(rep.recv_msg().unwrap(), "next");
}

#[test]
fn multipart_send_without_parts_is_invalid_input() {
    let _watchdog = watchdog();
    let Link { bound: pull, connected: push, ctx: _ctx } =
        link(Transport::Inproc, &PullBuilder::new(), &PushBuilder::new());
    for error in [
        push.send_multipart(Multipart::new()).unwrap_err(),
        push.try_send_multipart(Vec::<Msg>::new()).unwrap_err(),
        Router::new().unwrap().route(Multipart::new(), Identity::new("x").unwrap()).unwrap_err(),
        Router::new().unwrap().send_multipart(Multipart::new()).unwrap_err(),
    ] {
        assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error}");
        assert!(error.content().unwrap().is_empty());
    }
    assert!(pull.try_recv_msg().is_err());
}

/// The message that was sent shares its bytes with the one that was kept.
#[test]
fn sent_multipart_is_a_copy_that_later_writes_do_not_change() {
    let _watchdog = watchdog();
    let Link { bound: pull, connected: push, ctx: _ctx } =
        link(Transport::Inproc, &PullBuilder::new(), &PushBuilder::new());
    let sent = Multipart::from(["x".repeat(1000), "y".repeat(1000)]);
    let mut parts = sent.clone();
    push.send_multipart(parts.clone()).unwrap();
    parts[0].as_mut_bytes().fill(b'z');
    push.send_multipart(parts.clone()).unwrap();
    assert_eq!([pull.recv_multipart().unwrap(), pull.recv_multipart().unwrap()], [sent, parts]);
}
