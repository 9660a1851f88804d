//! `Pair` and `Channel`: one peer at a time.

use libzmq::{prelude::*, *};

use crate::{
    common::{Transport, until, watchdog},
    sockets::link::{Link, link, ms},
};

/// While a peer is connected, a second one is refused. After its disconnect another may connect.
fn one_peer_at_a_time<S: SendMsg + RecvMsg>() {
    for transport in Transport::COMMON.iter().copied() {
        let pair = link(transport, &Builder::<S>::new(), &Builder::<S>::new());
        pair.connected.send("first").unwrap();
        assert_eq!(pair.bound.recv_msg().unwrap(), "first");

        let second =
            pair.join(Builder::<S>::new().immediate(transport != Transport::Inproc).linger(ms(0)));
        if transport == Transport::Inproc {
            // It is refused at once.
            until(|| {
                assert!(pair.bound.try_recv_msg().is_err());
                second.try_send("intruder").is_err()
            });
        }
        for number in 0..200 {
            let _ = second.try_send("intruder");
            pair.connected.send(format!("{number}")).unwrap();
            assert_eq!(pair.bound.recv_msg().unwrap(), &*number.to_string(), "{transport:?}");
            pair.bound.send("answer").unwrap();
            assert_eq!(pair.connected.recv_msg().unwrap(), "answer");
            assert!(second.try_recv_msg().is_err(), "{transport:?}");
        }

        let Link { bound, connected, ctx } = pair;
        drop((second, connected));
        let pair = Link { bound, connected: (), ctx };
        until(|| {
            let third = pair.join(Builder::<S>::new().linger(ms(0)));
            let _ = third.try_send("third");
            pair.bound.set_recv_timeout(ms(50)).unwrap();
            pair.bound.recv_msg().is_ok_and(|msg| msg == "third")
        });
    }
}

#[test]
fn pair_refuses_a_second_peer_until_the_first_disconnects() {
    let _watchdog = watchdog();
    one_peer_at_a_time::<Pair>();
}

#[test]
fn channel_refuses_a_second_peer_until_the_first_disconnects() {
    let _watchdog = watchdog();
    one_peer_at_a_time::<Channel>();
}

/// Both sides send before either receives.
#[test]
fn pair_and_channel_send_in_both_directions_at_once() {
    fn talk<S: SendMsg + RecvMsg>() {
        for transport in Transport::COMMON.iter().copied() {
            let Link { bound, connected, ctx: _ctx } =
                link(transport, &Builder::<S>::new(), &Builder::<S>::new());
            for number in 0..100 {
                bound.send(format!("down {number}")).unwrap();
                connected.send(format!("up {number}")).unwrap();
            }
            for number in 0..100 {
                assert_eq!(bound.recv_msg().unwrap(), &*format!("up {number}"));
                assert_eq!(connected.recv_msg().unwrap(), &*format!("down {number}"));
            }
        }
    }
    let _watchdog = watchdog();
    talk::<Pair>();
    talk::<Channel>();
}
