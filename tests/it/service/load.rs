//! Many clients at once. Some of them die.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hasher, RandomState},
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

use libzmq::{prelude::*, service::*};

use super::{SOON, client_with, runtime, site};
use crate::common::{Transport, context, until, watchdog};

/// Optimised builds test the full number of clients and messages, debug builds a part of it.
const CLIENTS: usize = if cfg!(debug_assertions) { 100 } else { 2000 };
const MESSAGES: usize = if cfg!(debug_assertions) { 50 } else { 200 };

fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// One client in ten is closed at some point, and drops its unsent messages.
///
/// Messages from and to a client that dies may be lost. All others are accounted for: the service
/// receives the first messages of each client, in order and without a gap, and each client receives
/// the first messages of the service likewise.
#[test]
fn each_message_is_delivered_given_back_or_lost_with_its_client() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let site = site(Transport::Tcp, |builder| builder.socket(|socket| socket.backlog(4096)));
    let handle = site.service.handle();
    let running = runtime.spawn(site.service.run());

    // Sends each client as many messages as it has sent, and counts them.
    let serving = {
        let handle = handle.clone();
        runtime.spawn(async move {
            let mut events = handle.events();
            let mut clients = HashMap::new();
            let (mut given_back, mut unsent) = (0, 0);
            while let Some(event) = events.recv().await {
                match event {
                    Event::Joined(info) => {
                        assert!(clients.insert(*info.id(), (0_u32, false)).is_none());
                    }
                    Event::Message(message) => {
                        let (next, gone) = clients.get_mut(message.client()).expect("joined");
                        assert!(!*gone, "a message after its client has left");
                        let number = message.body().as_bytes().first_chunk().expect("a number");
                        assert_eq!(u32::from_le_bytes(*number), *next);
                        *next += 1;
                        match handle.send(*message.client(), message.body().clone()).await {
                            Ok(()) => (),
                            Err(error) => {
                                assert_eq!(error.kind(), ErrorKind::HostUnreachable);
                                assert_eq!(error.content(), Some(message.body()));
                                given_back += 1;
                            }
                        }
                    }
                    Event::Left { client, unsent: lost, .. } => {
                        let (_, gone) = clients.get_mut(&client).expect("joined");
                        assert!(!std::mem::replace(gone, true), "left twice");
                        unsent += lost as u64;
                    }
                    event => panic!("{event:?}"),
                }
            }
            (clients, given_back, unsent)
        })
    };

    let (sent, received, died) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        for worker in 0..8 {
            let handle = &handle;
            let (sent, received, died) = (&sent, &received, &died);
            scope.spawn(move || {
                // A context has at most 1023 sockets, so each thread has its own.
                let ctx = context();
                let clients: Vec<Client> = (worker..CLIENTS)
                    .step_by(8)
                    .map(|_| {
                        client_with(&ctx, handle, |builder| {
                            builder.linger(Duration::ZERO).reconnect_interval(None)
                        })
                    })
                    .collect();
                let count = clients.len();
                let dies_after: Vec<_> = (0..count)
                    .map(|index| (index % 10 == 3).then(|| random() as u32 % MESSAGES as u32))
                    .collect();
                let mut alive: Vec<_> = clients.into_iter().map(Some).collect();
                for number in 0..MESSAGES as u32 {
                    for (index, place) in alive.iter_mut().enumerate() {
                        let Some(client) = place else { continue };
                        client.send(number.to_le_bytes()).unwrap();
                        sent.fetch_add(1, Ordering::Relaxed);
                        if dies_after[index] == Some(number) {
                            died.fetch_add(1, Ordering::Relaxed);
                            *place = None;
                        }
                    }
                }
                assert!(count >= CLIENTS / 8);
                for client in alive.into_iter().flatten() {
                    for number in 0..MESSAGES as u32 {
                        let reply = client.recv_msg_timeout(SOON).unwrap().expect("a reply");
                        assert_eq!(reply, &number.to_le_bytes()[..]);
                        received.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    until(|| handle.stats().clients == 0);
    assert!(handle.blocking().stop(SOON).is_complete());
    runtime.block_on(running).unwrap().unwrap();
    let (clients, given_back, unsent) = runtime.block_on(serving).unwrap();

    let died = died.into_inner();
    let survivors = (CLIENTS as u64 - died) * MESSAGES as u64;
    assert!(died >= CLIENTS as u64 / 12, "{died} died");
    assert_eq!(received.into_inner(), survivors);
    let taken: u64 = clients.values().map(|(count, _)| u64::from(*count)).sum();
    let complete = clients.values().filter(|(count, _)| *count == MESSAGES as u32).count() as u64;
    assert!(complete >= CLIENTS as u64 - died);
    assert!(clients.values().all(|(_, gone)| *gone));
    let stats = handle.stats();
    // To the service: only messages of clients that died are missing.
    assert_eq!((stats.received, stats.delivered), (taken, taken));
    assert!(taken >= survivors && taken <= sent.into_inner());
    // To the clients: accepted messages were sent or lost. Errors returned the others.
    assert_eq!(stats.accepted + given_back, taken);
    assert_eq!(stats.accepted, stats.sent + stats.lost);
    assert!(stats.lost >= unsent && stats.sent >= survivors);
    assert_eq!((stats.joined, stats.left), (clients.len() as u64, clients.len() as u64));
    assert_eq!((stats.queued_incoming, stats.queued_outgoing), (0, 0));
}
