//! The handle of a service in tasks and threads.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use futures::{FutureExt, StreamExt};
use libzmq::{prelude::*, service::*};

use super::{SOON, client_of, client_with, join, runtime, site};
use crate::common::{Transport, until, watchdog};

/// Ten threads without a runtime and ten tasks receive and answer messages at the same time.
#[test]
fn ten_threads_and_ten_tasks_share_the_events() {
    const CLIENTS: usize = 20;
    const REQUESTS: usize = 100;
    const PAUSE: Duration = Duration::from_millis(2);

    let _watchdog = watchdog();
    let runtime = runtime();
    let site = site(Transport::Tcp, |builder| builder);
    let handle = site.service.handle();
    let running = runtime.spawn(site.service.run());
    let clients: Vec<_> = (0..CLIENTS).map(|_| client_of(&site.ctx, &handle)).collect();
    let (by_threads, by_tasks) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..10 {
            let (handle, by_threads) = (handle.blocking(), &by_threads);
            scope.spawn(move || {
                for event in handle.events() {
                    if let Event::Message(message) = event {
                        by_threads.fetch_add(1, Ordering::Relaxed);
                        // Long enough for other threads and tasks to receive the next messages.
                        thread::sleep(PAUSE);
                        handle.send(*message.client(), message.into_body()).unwrap();
                    }
                }
            });
        }
        let tasks: Vec<_> = (0..10)
            .map(|_| {
                let handle = handle.clone();
                runtime.spawn(async move {
                    let (mut events, mut count) = (handle.events(), 0);
                    while let Some(event) = events.next().await {
                        if let Event::Message(message) = event {
                            count += 1;
                            tokio::time::sleep(PAUSE).await;
                            handle.send(*message.client(), message.into_body()).await.unwrap();
                        }
                    }
                    count
                })
            })
            .collect();
        let askers: Vec<_> = clients
            .iter()
            .map(|client| {
                scope.spawn(move || {
                    for number in 0..REQUESTS {
                        client.send(number.to_string()).unwrap();
                    }
                    let mut seen: Vec<usize> = (0..REQUESTS)
                        .map(|_| client.recv_msg().unwrap().to_str().unwrap().parse().unwrap())
                        .collect();
                    seen.sort_unstable();
                    assert!(seen.into_iter().eq(0..REQUESTS));
                })
            })
            .collect();
        askers.into_iter().for_each(|asker| asker.join().unwrap());
        assert!(handle.blocking().stop(SOON).is_complete());
        for task in tasks {
            by_tasks.fetch_add(runtime.block_on(task).unwrap(), Ordering::Relaxed);
        }
    });
    assert!(runtime.block_on(running).unwrap().unwrap().is_complete());
    let (by_threads, by_tasks) = (by_threads.into_inner(), by_tasks.into_inner());
    assert_eq!(by_threads + by_tasks, CLIENTS * REQUESTS);
    assert!(by_threads > 0 && by_tasks > 0, "{by_threads} and {by_tasks}");
}

#[test]
fn messages_of_one_client_are_taken_without_those_of_others() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder);
    let handle = site.service.spawn().unwrap().blocking();
    let clients: Vec<_> = (0..3).map(|_| client_of(&site.ctx, &handle)).collect();
    for (index, client) in clients.iter().enumerate() {
        client.send(format!("first of {index}")).unwrap();
    }
    until(|| handle.stats().received == 3);
    let firsts: HashMap<_, _> = handle
        .client_ids()
        .into_iter()
        .map(|id| (handle.recv_from(id).unwrap().into_body().to_str().unwrap().to_owned(), id))
        .collect();
    let id = firsts["first of 1"];
    assert!(!handle.is_readable(id) && handle.is_writable(id));
    assert_eq!(handle.try_recv_from(id).unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(handle.recv_from_timeout(id, Duration::from_millis(10)).unwrap().map(drop), None);
    clients[0].send("another's").unwrap();
    thread::scope(|scope| {
        let takes = scope.spawn(|| {
            handle.wait_incoming(id).unwrap();
            handle.recv_from(id).unwrap().into_body()
        });
        thread::sleep(Duration::from_millis(20));
        clients[1].send("second").unwrap();
        assert_eq!(takes.join().unwrap(), "second");
        // A thread that waits for a message returns when the client leaves.
        let takes = scope.spawn(|| handle.recv_from(id).unwrap_err().kind());
        thread::sleep(Duration::from_millis(20));
        handle.disconnect(id).unwrap();
        assert_eq!(takes.join().unwrap(), ErrorKind::HostUnreachable);
    });
}

#[test]
fn dropped_futures_take_and_send_nothing() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder.outgoing(2, Overflow::StopReading));
    let handle = site.service.spawn().unwrap();
    let mut events = handle.events().blocking();
    let client = client_with(&site.ctx, &handle, |builder| builder.recv_hwm(1));
    let id = join(&client, &mut events);
    drop(events);
    let sent = crate::common::fill_by(|_| handle.try_send(id, vec![0; 100_000]));
    for _ in 0..100 {
        assert!(handle.send(id, "never").now_or_never().is_none());
        assert!(handle.recv_from(id).now_or_never().is_none());
        assert!(handle.wait_incoming(id).now_or_never().is_none());
        assert!(handle.ended().now_or_never().is_none());
        assert!(handle.events().recv().now_or_never().is_none());
    }
    // Futures that were polled and then leaked send nothing either.
    for _ in 0..100 {
        let mut sends = Box::pin(handle.send(id, "never"));
        assert!(sends.as_mut().now_or_never().is_none());
        std::mem::forget(sends);
    }
    client.send("x").unwrap();
    assert_eq!(handle.blocking().recv_from(id).unwrap().into_body(), "x");
    for _ in 0..sent {
        assert_eq!(client.recv_msg().unwrap().len(), 100_000);
    }
    handle.blocking().send(id, "sent").unwrap();
    assert_eq!(client.recv_msg().unwrap(), "sent");
}

#[test]
fn broadcast_reaches_all_clients() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder);
    let handle = site.service.spawn().unwrap();
    let mut events = handle.events().blocking();
    let clients: Vec<_> = (0..10).map(|_| client_of(&site.ctx, &handle)).collect();
    for client in &clients {
        join(client, &mut events);
    }
    assert_eq!(handle.broadcast("to all"), []);
    for client in &clients {
        assert_eq!(client.recv_msg().unwrap(), "to all");
    }
}

#[test]
fn handle_is_shared_by_threads() {
    fn is<T: Clone + Send + Sync + 'static>() {}
    fn moves<T: Send>() {}

    is::<ServiceHandle>();
    is::<BlockingHandle>();
    is::<ServiceHandle<Router>>();
    is::<ClientInfo>();
    is::<ReplyTo>();
    moves::<Events>();
    moves::<Service>();
    moves::<Service<Router>>();
    moves::<Event>();
}
