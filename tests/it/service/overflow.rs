//! Overflow policies.

use std::{ops::Range, time::Duration};

use libzmq::{prelude::*, service::*};

use super::{SOON, client_of, client_with, join, left, message, next, site};
use crate::common::{Transport, fill_by, until, watchdog};

const BIG: usize = 100_000;

/// Fills the queues to a client that never reads. Returns how many messages they hold.
fn stuck(client: &Client, handle: &ServiceHandle, id: RoutingId) -> usize {
    let _ = client;
    fill_by(|_| handle.try_send(id, vec![0; BIG]))
}

#[test]
fn service_that_stops_reading_loses_nothing() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let site = site(transport, |builder| {
            builder.incoming(10, Overflow::StopReading).socket(|socket| socket.recv_hwm(10))
        });
        let handle = site.service.spawn().unwrap();
        let client = client_with(&site.ctx, &handle, |builder| builder.send_hwm(10));
        let sent = fill_by(|_| client.try_send(vec![7; BIG]));
        assert!(sent < 3000, "{sent}");
        let stats = handle.stats();
        assert!(stats.queued_incoming <= 10 + 64, "{stats:?}");
        let [id] = handle.client_ids()[..] else { panic!("one client") };
        assert!(handle.queued_from(id) <= 10);

        let mut events = handle.events().blocking();
        super::joined(&mut events);
        for _ in 0..sent {
            assert_eq!(message(&mut events).body().len(), BIG);
        }
        client.send("more").unwrap();
        assert_eq!(message(&mut events).into_body(), "more", "{transport:?}");
        let stats = handle.stats();
        assert_eq!(stats.received, sent as u64 + 1);
        assert_eq!((stats.delivered, stats.dropped_incoming), (sent as u64 + 1, 0));
    }
}

/// Sends 100 numbers to a service that keeps five of them.
fn service_keeps(overflow: Overflow, kept: Range<u32>) {
    let site = site(Transport::Tcp, |builder| builder.incoming(5, overflow));
    let handle = site.service.spawn().unwrap();
    let client = client_of(&site.ctx, &handle);
    for number in 0..100 {
        client.send(number.to_string()).unwrap();
    }
    until(|| handle.stats().received == 100);
    let stats = handle.stats();
    assert_eq!((stats.queued_incoming, stats.dropped_incoming), (5, 95));
    let mut events = handle.events().blocking();
    super::joined(&mut events);
    for number in kept {
        assert_eq!(message(&mut events).into_body(), number.to_string().as_str());
    }
    assert_eq!(events.try_recv().map(drop), None);
}

#[test]
fn newest_messages_are_dropped_and_counted() {
    let _watchdog = watchdog();
    service_keeps(Overflow::DropNewest, 0..5);
}

#[test]
fn oldest_messages_are_dropped_and_counted() {
    let _watchdog = watchdog();
    service_keeps(Overflow::DropOldest, 95..100);
}

#[test]
fn client_that_floods_is_disconnected() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder.incoming(5, Overflow::Part));
    let handle = site.service.spawn().unwrap();
    let mut events = handle.events().blocking();
    let other = client_of(&site.ctx, &handle);
    let other_id = join(&other, &mut events);
    let client = client_with(&site.ctx, &handle, |builder| builder.reconnect_interval(None));
    for _ in 0..1000 {
        // Fails once the service has disconnected the client.
        let _ = client.try_send("flood");
    }
    until(|| handle.stats().left == 1);
    let id = *super::joined(&mut events).id();
    let mut taken = 0;
    loop {
        match next(&mut events) {
            Event::Message(message) => {
                assert_eq!(message.into_body(), "flood");
                taken += 1;
            }
            Event::Left { client, reason, .. } => {
                assert_eq!((client, reason), (id, Reason::Overflow));
                break;
            }
            event => panic!("{event:?}"),
        }
    }
    // The messages that filled the queue are reported before `Left`.
    assert_eq!(taken, 5);
    other.send("unharmed").unwrap();
    let message = message(&mut events);
    assert_eq!((*message.client(), message.into_body()), (other_id, "unharmed".into()));
}

#[test]
fn client_that_never_reads_does_not_delay_the_others() {
    let _watchdog = watchdog();
    for overflow in [Overflow::StopReading, Overflow::DropNewest, Overflow::DropOldest] {
        let site = site(Transport::Tcp, |builder| {
            builder.outgoing(10, overflow).socket(|socket| socket.send_hwm(10))
        });
        let handle = site.service.spawn().unwrap();
        let mut events = handle.events().blocking();
        let clients: Vec<_> = (0..20)
            .map(|_| client_with(&site.ctx, &handle, |builder| builder.recv_hwm(1)))
            .collect();
        let ids: Vec<_> = clients.iter().map(|client| join(client, &mut events)).collect();
        let good = client_of(&site.ctx, &handle);
        let good_id = join(&good, &mut events);
        for (client, id) in clients.iter().zip(&ids) {
            if overflow == Overflow::StopReading {
                stuck(client, &handle, *id);
            } else {
                for _ in 0..1000 {
                    handle.try_send(id, vec![0; BIG]).unwrap();
                }
                assert!(handle.queued_to(id) <= 10);
            }
        }
        if overflow != Overflow::StopReading {
            assert!(handle.stats().dropped_outgoing > 0);
        }
        for number in 0..500 {
            good.send(number.to_string()).unwrap();
            let message = message(&mut events);
            handle.blocking().send(message.client(), message.body().clone()).unwrap();
            let echo = good.recv_msg_timeout(SOON).unwrap().unwrap();
            assert_eq!(echo, number.to_string().as_str());
        }
        let stats = handle.stats();
        let accounted =
            stats.sent + stats.dropped_outgoing + stats.lost + stats.queued_outgoing as u64;
        assert_eq!(stats.accepted, accounted, "{stats:?}");
        let _ = good_id;
    }
}

#[test]
fn client_that_never_reads_is_disconnected() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| {
        builder.outgoing(10, Overflow::Part).farewell_time(Duration::from_millis(50))
    });
    let handle = site.service.spawn().unwrap();
    let mut events = handle.events().blocking();
    let client =
        client_with(&site.ctx, &handle, |builder| builder.recv_hwm(1).reconnect_interval(None));
    let id = join(&client, &mut events);
    while handle.try_send(id, vec![0; BIG]).is_ok() {}
    let (gone, reason, unsent) = left(&mut events);
    assert_eq!((gone, reason), (id, Reason::Overflow));
    let stats = handle.stats();
    assert_eq!(stats.lost, unsent as u64);
    assert_eq!(stats.accepted, stats.sent + stats.dropped_outgoing + stats.lost);
}

#[test]
fn send_waits_for_room_and_gives_the_message_back_in_time() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder.outgoing(3, Overflow::StopReading));
    let handle = site.service.spawn().unwrap().blocking();
    let mut events = handle.events();
    let client = client_with(&site.ctx, &handle, |builder| builder.recv_hwm(1));
    let id = join(&client, &mut events);
    let sent = stuck(&client, &handle, id);
    let mut error = handle.send_timeout(id, "too much", Duration::from_millis(30)).unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.take().unwrap(), "too much");
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| handle.send(id, "last"));
        for _ in 0..sent {
            assert_eq!(client.recv_msg().unwrap().len(), BIG);
        }
        waits.join().unwrap().unwrap();
    });
    assert_eq!(client.recv_msg().unwrap(), "last");
}
