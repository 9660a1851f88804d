//! `Push`, `Pull`, `Scatter`, `Gather`, and what `Dealer` has in common with them.

use std::collections::BTreeSet;

use libzmq::{prelude::*, *};

use crate::{
    common::{Transport, watchdog},
    sockets::link::{Link, link, ms},
};

/// Messages go to the connected peers in turn.
fn takes_turns<S: SendMsg, R: RecvMsg>() {
    for transport in Transport::COMMON.iter().copied() {
        let ctx = Ctx::new();
        let workers = [(); 3].map(|()| {
            Builder::<R>::new().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap()
        });
        let endpoints: Vec<_> =
            workers.iter().map(|worker| worker.last_endpoint().unwrap()).collect();
        let sender = Builder::<S>::new().connect(endpoints).with_ctx(ctx.handle()).unwrap();
        for task in 0..30 {
            sender.send(format!("{task}")).unwrap();
        }
        for task in 0..30 {
            assert_eq!(workers[task % 3].recv_msg().unwrap(), &*task.to_string(), "{transport:?}");
        }
    }
}

#[test]
fn push_scatter_and_dealer_send_round_robin() {
    let _watchdog = watchdog();
    takes_turns::<Push, Pull>();
    takes_turns::<Scatter, Gather>();
    takes_turns::<Dealer, Dealer>();
}

/// A peer that sends much does not delay the messages of others.
fn hears_all<S: SendMsg, R: RecvMsg>() {
    for transport in Transport::COMMON.iter().copied() {
        let Link { bound, connected: talkative, ctx } =
            link(transport, &Builder::<R>::new(), &Builder::<S>::new());
        let quiet = Builder::<S>::new()
            .connect(bound.last_endpoint().unwrap())
            .with_ctx(ctx.handle())
            .unwrap();
        // A message of each shows that both are connected.
        talkative.send("here").unwrap();
        quiet.send("here").unwrap();
        assert_eq!([bound.recv_msg().unwrap(), bound.recv_msg().unwrap()], ["here", "here"]);

        quiet.send("quiet").unwrap();
        for _ in 0..900 {
            talkative.send("talkative").unwrap();
        }
        let place = (0..901).position(|_| bound.recv_msg().unwrap() == "quiet");
        // Over the network the kernel buffers messages of both; each queue takes 1000.
        assert!(
            place.is_some_and(|place| transport != Transport::Inproc || place < 3),
            "{transport:?}: {place:?}"
        );
    }
}

#[test]
fn pull_gather_and_dealer_receive_fairly() {
    let _watchdog = watchdog();
    hears_all::<Push, Pull>();
    hears_all::<Scatter, Gather>();
    hears_all::<Dealer, Dealer>();
}

/// With many gatherers and scatterers each message arrives once.
#[test]
fn scatters_deliver_each_message_to_one_gather_once() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let ctx = Ctx::new();
        let gathers = [(); 2].map(|()| {
            GatherBuilder::new()
                .bind(transport.anywhere())
                .recv_timeout(ms(10))
                .with_ctx(ctx.handle())
                .unwrap()
        });
        let endpoints = gathers.each_ref().map(|gather| gather.last_endpoint().unwrap());
        let scatters = [(); 2].map(|()| {
            ScatterBuilder::new().connect(&endpoints[..]).with_ctx(ctx.handle()).unwrap()
        });
        for number in 0..400 {
            scatters[number % 2].send(number.to_string()).unwrap();
        }
        let mut received = BTreeSet::new();
        while received.len() < 400 {
            for gather in &gathers {
                while let Ok(msg) = gather.recv_msg() {
                    assert!(
                        received.insert(msg.to_str().unwrap().parse::<usize>().unwrap()),
                        "{transport:?}: {msg:?} twice"
                    );
                }
            }
        }
        assert_eq!(received, (0..400).collect());
    }
}

/// A queue that conflates holds the last message only.
#[test]
fn conflating_push_keeps_only_the_last_message() {
    let _watchdog = watchdog();
    let Link { bound, connected, ctx: _ctx } =
        link(Transport::Inproc, &PullBuilder::new(), PushBuilder::new().conflate(true));
    for number in 0..1000 {
        connected.send(number.to_string()).unwrap();
    }
    assert_eq!(bound.recv_msg().unwrap(), "999");
    assert_eq!(bound.try_recv_msg().unwrap_err().kind(), ErrorKind::WouldBlock);
}
