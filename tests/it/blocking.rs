//! How long the calls of clients and servers block: until their peer reads, until it disconnects,
//! or until their timeout.

use std::{thread, time::Duration};

use libzmq::prelude::*;

use crate::common::{
    SOON, Transport, blocked::spawn_blocked, context, fill, greet, pair_with, retry, timed, until,
    watchdog,
};

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// How a client ends its connection.
#[derive(Clone, Copy, Debug)]
enum Leaves {
    /// Its socket is dropped.
    Drops,
    /// It disconnects, and its socket stays open.
    Disconnects,
    /// Its socket and its context are dropped.
    WithContext,
}

/// Both a `route` that is blocked at the high water mark when the peer disconnects, and every later
/// one.
#[test]
fn server_route_to_a_peer_that_disconnects_is_host_unreachable() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        for leaves in [Leaves::Drops, Leaves::Disconnects, Leaves::WithContext] {
            for unread in [0, 5] {
                for blocked in [true, false] {
                    let case =
                        format!("{transport:?}, {leaves:?}, {unread} unread, blocked: {blocked}");
                    peer_goes_away(transport, leaves, unread, blocked, &case);
                }
            }
        }
    }
}

fn peer_goes_away(transport: Transport, leaves: Leaves, unread: usize, blocked: bool, case: &str) {
    let ctx = context();
    let mut server = ServerBuilder::new();
    let server = server
        .bind(transport.anywhere())
        .send_hwm(10)
        .send_timeout(Duration::from_secs(20))
        .with_ctx(ctx.handle())
        .unwrap();
    let theirs = if transport == Transport::Inproc { None } else { Some(context()) };
    let their_handle = theirs.as_ref().map_or(ctx.handle(), Ctx::handle);
    let endpoint = server.last_endpoint().unwrap();
    let client = ClientBuilder::new()
        .connect(&endpoint)
        .recv_hwm(10)
        .linger(ms(500))
        .with_ctx(their_handle)
        .unwrap();
    let id = greet(&server, &client);
    for _ in 0..unread {
        client.send("unread").unwrap();
    }
    let msg = Msg::from(vec![1; 100_000]);
    if blocked {
        fill(&server, id, &msg);
    }

    let waiting = blocked.then(|| {
        let (server, msg) = (server.clone(), msg.clone());
        spawn_blocked(move || timed(|| server.route(msg, id)))
    });
    let mut client = Some(client);
    let mut theirs = theirs;
    match leaves {
        Leaves::Drops => client = None,
        Leaves::Disconnects => {
            client.iter().for_each(|client| client.disconnect(&endpoint).unwrap())
        }
        Leaves::WithContext => {
            client = None;
            theirs = None;
        }
    }
    if let Some(waiting) = waiting {
        // A socket completes its disconnect only in a later call.
        until(|| {
            client.iter().for_each(|client| assert!(client.try_recv_msg().is_err()));
            waiting.is_finished()
        });
        let (done, took) = waiting.join().unwrap();
        // The queue may have had space for one more.
        if let Err(error) = done {
            assert_eq!(error.kind(), ErrorKind::HostUnreachable, "{case}: {error} after {took:?}");
            assert_eq!(error.content(), Some(&msg), "{case}");
        }
    }
    // A message may still be queued and dropped until the server has processed the disconnect.
    let (error, took) = timed(|| {
        retry(|| {
            client.iter().for_each(|client| assert!(client.try_recv_msg().is_err()));
            server.try_route(&msg, id).err().filter(|error| error.kind() != ErrorKind::WouldBlock)
        })
    });
    assert_eq!(error.kind(), ErrorKind::HostUnreachable, "{case} after {took:?}");
    assert!(took < SOON, "{case}: {took:?}");
    assert_eq!(server.try_route("x", id).unwrap_err().kind(), ErrorKind::HostUnreachable, "{case}");
    // The messages that it had sent are still received.
    for _ in 0..unread {
        assert_eq!(server.recv_msg().unwrap(), "unread", "{case}");
    }
    drop((client, theirs));
}

#[test]
fn send_and_recv_time_out_after_their_period() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let (send_for, recv_for) = (ms(150), ms(100));
        let mut server = ServerBuilder::new();
        server.send_hwm(2).send_timeout(send_for).recv_timeout(recv_for);
        let mut client = ClientBuilder::new();
        client.send_hwm(2).recv_hwm(2).send_timeout(send_for).recv_timeout(recv_for);
        let pair = pair_with(transport, &mut server, &mut client);
        let id = pair.greet();
        let in_time = |what: &str, kind: ErrorKind, took: Duration, period: Duration| {
            assert_eq!(kind, ErrorKind::WouldBlock, "{what}");
            assert!(
                took >= period && took < period + SOON,
                "{what} over {transport:?} took {took:?}"
            );
        };

        for _ in 0..3 {
            let (error, took) = timed(|| pair.client.recv_msg().unwrap_err());
            in_time("client.recv", error.kind(), took, recv_for);
            let (error, took) = timed(|| pair.server.recv_msg().unwrap_err());
            in_time("server.recv", error.kind(), took, recv_for);
        }

        let large = Msg::from(vec![1; 200_000]);
        fill(&pair.server, id, &large);
        for _ in 0..3 {
            // Under load the kernel may make space for one more, late.
            let (error, took) = retry(|| {
                let (done, took) = timed(|| pair.server.route(&large, id));
                done.err().map(|error| (error, took))
            });
            in_time("server.route", error.kind(), took, send_for);
            assert_eq!(error.content(), Some(&large));
        }
        // The server reads nothing, so the queue to it fills up.
        let (error, took) = retry(|| {
            let (done, took) = timed(|| pair.client.send(&large));
            done.err().map(|error| (error, took))
        });
        in_time("client.send", error.kind(), took, send_for);

        // A timeout of zero never blocks, and timeouts can be changed at any time.
        pair.client.set_send_timeout(Duration::ZERO).unwrap();
        pair.client.set_recv_timeout(Duration::ZERO).unwrap();
        pair.server.set_send_timeout(Duration::ZERO).unwrap();
        let (_, took) = timed(|| {
            assert_eq!(pair.client.send(&large).unwrap_err().kind(), ErrorKind::WouldBlock);
            assert_eq!(pair.server.route(&large, id).unwrap_err().kind(), ErrorKind::WouldBlock);
        });
        assert!(took < SOON, "{took:?}");
    }
}

#[test]
fn client_send_without_a_server_blocks_until_one_connects() {
    let _watchdog = watchdog();
    let client = ClientBuilder::new().send_timeout(ms(100)).build().unwrap();
    let (error, took) = timed(|| client.send("x").unwrap_err());
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    assert!(took >= ms(100) && took < ms(100) + SOON, "{took:?}");
    assert_eq!(client.try_send("x").unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(client.try_recv_msg().unwrap_err().kind(), ErrorKind::WouldBlock);

    client.set_send_timeout(Infinite).unwrap();
    let server = ServerBuilder::new().bind(Transport::Inproc.anywhere()).build().unwrap();
    let sending = thread::spawn({
        let client = client.clone();
        move || client.send("at last").unwrap()
    });
    client.connect(server.last_endpoint().unwrap()).unwrap();
    sending.join().unwrap();
    assert_eq!(server.recv_msg().unwrap(), "at last");
}

/// libzmq processes what peers did at most once a millisecond or so, and without a fix returns
/// `EAGAIN` although the queue has space.
#[test]
fn try_send_succeeds_once_the_peer_has_read() {
    const HWM: usize = 10;

    let _watchdog = watchdog();
    let mut server = ServerBuilder::new();
    let mut client = ClientBuilder::new();
    let pair = pair_with(
        Transport::Inproc,
        server.send_hwm(HWM as i32).recv_hwm(HWM as i32),
        client.send_hwm(HWM as i32).recv_hwm(HWM as i32),
    );
    let id = pair.greet();

    for round in 0..200 {
        let mut sent = 0;
        while pair.client.try_send("x").is_ok() {
            sent += 1;
        }
        assert!(sent >= HWM, "{sent} in round {round}");
        for _ in 0..sent {
            pair.server.recv_msg().unwrap();
        }
        pair.client
            .try_send("room")
            .unwrap_or_else(|error| panic!("client, round {round}: {error}"));
        assert_eq!(pair.server.recv_msg().unwrap(), "room");
    }
    for round in 0..200 {
        let mut sent = 0;
        while pair.server.try_route("x", id).is_ok() {
            sent += 1;
        }
        for _ in 0..sent {
            pair.client.recv_msg().unwrap();
        }
        pair.server
            .try_route("room", id)
            .unwrap_or_else(|error| panic!("server, round {round}: {error}"));
        assert_eq!(pair.client.recv_msg().unwrap(), "room");
    }
    // The same for a blocking call with a timeout of zero.
    pair.client.set_send_timeout(Duration::ZERO).unwrap();
    pair.server.set_send_timeout(Duration::ZERO).unwrap();
    for round in 0..200 {
        let mut sent = 0;
        while pair.client.send("x").is_ok() {
            sent += 1;
        }
        for _ in 0..sent {
            pair.server.recv_msg().unwrap();
        }
        pair.client
            .send("room")
            .unwrap_or_else(|error| panic!("client.send, round {round}: {error}"));
        assert_eq!(pair.server.recv_msg().unwrap(), "room");
    }
}
