//! Events: clients that join, send and leave.

use std::{thread, time::Duration};

use libzmq::{prelude::*, service::*};

use super::{SOON, client_of, client_with, join, joined, left, message, next, site};
use crate::common::{Transport, retry, until, watchdog};

#[test]
fn client_joins_sends_and_leaves_in_this_order() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let site = site(transport, |builder| builder);
        let handle = site.service.spawn().unwrap();
        let mut events = handle.events().blocking();
        let client = client_of(&site.ctx, &handle);
        for number in 0..100 {
            client.send(number.to_string()).unwrap();
        }
        let info = joined(&mut events);
        if matches!(transport, Transport::Tcp | Transport::Ws) {
            assert_eq!(info.peer_address(), Some("127.0.0.1"), "{transport:?}");
        }
        let id = *info.id();
        handle.try_send(id, "welcome").unwrap();
        assert_eq!(client.recv_msg().unwrap(), "welcome");
        drop(client);
        for number in 0..100 {
            let message = message(&mut events);
            assert_eq!(*message.client(), id);
            assert_eq!(message.into_body(), number.to_string().as_str());
        }
        assert_eq!(left(&mut events), (id, Reason::Disconnected, 0), "{transport:?}");
        assert_eq!(events.recv_timeout(Duration::from_millis(50)).map(drop), None);
        assert_eq!(handle.try_send(id, "late").unwrap_err().kind(), ErrorKind::HostUnreachable);
        assert!(handle.client_ids().is_empty() && handle.client(id).is_none());
        let stats = handle.stats();
        assert_eq!((stats.joined, stats.left, stats.clients), (1, 1, 0));
        assert_eq!((stats.received, stats.delivered, stats.sent), (100, 100, 1));
    }
}

#[test]
fn hello_is_a_client_and_no_message() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let site = site(transport, |builder| builder.hello("HELLO"));
        let handle = site.service.spawn().unwrap();
        let mut events = handle.events().blocking();
        let client = client_with(&site.ctx, &handle, |builder| builder.hello("HELLO"));
        let id = *joined(&mut events).id();
        // The service sends the first message.
        handle.try_send(id, "welcome").unwrap();
        assert_eq!(client.recv_msg().unwrap(), "welcome", "{transport:?}");
        // Only the client's first message counts as a hello.
        client.send("HELLO").unwrap();
        assert_eq!(message(&mut events).into_body(), "HELLO");
    }
}

#[test]
fn client_that_connects_anew_is_a_new_client() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder);
    let handle = site.service.spawn().unwrap();
    let mut events = handle.events().blocking();
    let client = client_with(&site.ctx, &handle, |builder| builder.hello("here I am"));
    let first = *joined(&mut events).id();
    assert_eq!(message(&mut events).into_body(), "here I am");

    handle.try_send(first, "last words").unwrap();
    assert_eq!(handle.blocking().disconnect(first).unwrap(), 0);
    assert_eq!(client.recv_msg().unwrap(), "last words");
    assert_eq!(left(&mut events), (first, Reason::Parted, 0));

    let second = *joined(&mut events).id();
    assert_ne!(first, second);
    assert_eq!(message(&mut events).into_body(), "here I am");
    assert_eq!(handle.try_send(first, "x").unwrap_err().kind(), ErrorKind::HostUnreachable);
    assert_eq!(handle.blocking().disconnect(first).unwrap_err().kind(), ErrorKind::HostUnreachable);
    handle.try_send(second, "welcome back").unwrap();
    assert_eq!(client.recv_msg().unwrap(), "welcome back");
}

/// The content of a message cannot end its client's connection.
#[test]
fn message_cannot_forge_the_end_of_its_connection() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder);
    let handle = site.service.spawn().unwrap();
    let mut events = handle.events().blocking();
    let (liar, other) = (client_of(&site.ctx, &handle), client_of(&site.ctx, &handle));
    let (id, other_id) = (join(&liar, &mut events), join(&other, &mut events));
    for size in 0..200 {
        liar.send(vec![0; size]).unwrap();
        liar.send(vec![0xff; size]).unwrap();
        for _ in 0..2 {
            assert_eq!(*message(&mut events).client(), id);
        }
    }
    let mut ids = handle.client_ids();
    ids.sort();
    assert_eq!(ids, [id.min(other_id), id.max(other_id)]);
}

#[test]
fn idle_client_is_disconnected_and_a_busy_one_is_not() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| {
        builder.idle(Duration::from_millis(300)).farewell("too quiet")
    });
    let handle = site.service.spawn().unwrap();
    let mut events = handle.events().blocking();
    let quiet = client_of(&site.ctx, &handle);
    let busy = client_of(&site.ctx, &handle);
    let (quiet_id, busy_id) = (join(&quiet, &mut events), join(&busy, &mut events));
    let end = std::time::Instant::now() + SOON;
    loop {
        busy.send("still here").unwrap();
        match next(&mut events) {
            Event::Message(message) => assert_eq!(*message.client(), busy_id),
            Event::Left { client, reason, unsent } => {
                assert_eq!((client, reason, unsent), (quiet_id, Reason::Idle, 0));
                break;
            }
            event => panic!("{event:?}"),
        }
        assert!(std::time::Instant::now() < end);
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(quiet.recv_msg().unwrap(), "too quiet");
    assert!(handle.client(busy_id).is_some());
}

#[test]
fn events_begin_with_the_clients_that_are_there() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder);
    let handle = site.service.spawn().unwrap();
    let clients: Vec<_> = (0..5).map(|_| client_of(&site.ctx, &handle)).collect();
    for client in &clients {
        client.send("hello").unwrap();
    }
    until(|| handle.stats().received == 5);
    // A client leaves while there is no stream of events. Its message stays queued.
    let mut clients = clients.into_iter();
    drop(clients.next());
    until(|| handle.stats().left == 1);
    let mut events = handle.events().blocking();
    let (mut joined, mut messages, mut left) = (0, 0, 0);
    for _ in 0..11 {
        match next(&mut events) {
            Event::Joined(_) => joined += 1,
            Event::Message(_) => messages += 1,
            Event::Left { .. } => left += 1,
            event => panic!("{event:?}"),
        }
    }
    assert_eq!((joined, messages, left), (5, 5, 1));
    drop(events);
    drop(clients);
    // Without a stream of events the service forgets clients that have left.
    until(|| handle.stats().left == 5);
    assert_eq!(handle.collect_gone(), []);
    assert_eq!(handle.events().blocking().recv_timeout(Duration::from_millis(20)).map(drop), None);
}

#[test]
fn messages_of_clients_that_have_gone_are_taken_or_collected() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder);
    let handle = site.service.spawn().unwrap().blocking();
    let client = client_of(&site.ctx, &handle);
    for number in 0..10 {
        client.send(number.to_string()).unwrap();
    }
    until(|| handle.stats().received == 10);
    let [id] = handle.client_ids()[..] else { panic!("one client") };
    drop(client);
    until(|| handle.stats().left == 1);
    for number in 0..5 {
        assert_eq!(handle.recv_from(id).unwrap().into_body(), number.to_string().as_str());
    }
    assert_eq!(handle.queued_from(id), 5);
    assert_eq!(handle.collect_gone(), [id]);
    assert_eq!(handle.recv_from(id).unwrap_err().kind(), ErrorKind::HostUnreachable);
    let stats = handle.stats();
    assert_eq!((stats.delivered, stats.dropped_incoming, stats.queued_incoming), (5, 5, 0));
}

#[test]
fn clients_that_come_and_go_unseen_take_no_memory() {
    let _watchdog = watchdog();
    let site = site(Transport::Inproc, |builder| builder);
    let handle = site.service.spawn().unwrap();
    for _ in 0..300 {
        let client = client_of(&site.ctx, &handle);
        client.send("x").unwrap();
        let id = retry(|| handle.client_ids().pop());
        retry(|| handle.try_recv_from(id).ok());
        drop(client);
        until(|| handle.client_ids().is_empty());
    }
    let stats = handle.stats();
    assert_eq!((stats.joined, stats.left, stats.queued_incoming), (300, 300, 0));
}
