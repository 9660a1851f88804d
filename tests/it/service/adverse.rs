//! Programs and clients that a service must survive: queues of one message, handlers that use the
//! queue of their own client, clients that die at the worst moment, and panics in drops.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use libzmq::{prelude::*, service::*};

use super::{SOON, client_of, client_with, join, left, message, runtime, site};
use crate::common::{Transport, context, until, watchdog};

/// The only handler of the client ends, and sends no reply.
#[test]
fn send_that_waits_for_a_request_in_flight_goes_on_if_it_gets_no_reply() {
    let _watchdog = watchdog();
    for panics in [false, true] {
        let site = site(Transport::Tcp, |b| b.outgoing(1, Overflow::StopReading));
        let (open, opened) = tokio::sync::watch::channel(false);
        let handle = site
            .service
            .spawn_serving(move |_| {
                let mut opened = opened.clone();
                async move {
                    opened.wait_for(|open| *open).await.unwrap();
                    assert!(!panics, "asked to panic");
                    None::<Msg>
                }
            })
            .unwrap();
        let client = client_of(&site.ctx, &handle);
        client.send("x").unwrap();
        until(|| handle.stats().in_flight == 1);
        let id = handle.client_ids()[0];
        let sender = handle.blocking();
        let sends = thread::spawn(move || sender.send(id, "news"));
        // It may wait for the handler.
        thread::sleep(Duration::from_millis(20));
        open.send(true).unwrap();
        until(|| sends.is_finished());
        sends.join().unwrap().unwrap();
        assert_eq!(client.recv_msg_timeout(SOON).unwrap().unwrap(), "news");
    }
}

/// All handlers that the client's queue allows are in flight, and each sends to the client.
#[test]
fn handlers_may_send_to_their_own_client_whatever_the_limit_of_its_queue() {
    let _watchdog = watchdog();
    for limit in [1, 3] {
        let site = site(Transport::Tcp, |b| b.outgoing(limit, Overflow::StopReading));
        let inner = site.service.handle();
        let handle = site
            .service
            .spawn_serving(move |request| {
                let handle = inner.clone();
                async move {
                    for _ in 0..2 {
                        tokio::task::yield_now().await;
                        handle.send(request.client(), "progress").await.unwrap();
                    }
                    "done"
                }
            })
            .unwrap();
        let client = client_of(&site.ctx, &handle);
        for _ in 0..20 {
            client.send("x").unwrap();
        }
        let mut replies = Vec::new();
        for _ in 0..60 {
            replies.push(client.recv_msg_timeout(SOON).unwrap().expect("a message"));
        }
        assert_eq!(replies.iter().filter(|reply| **reply == "done").count(), 20);
        assert!(handle.blocking().stop(SOON).is_complete());
    }
}

/// The client receives nothing, so its queues are full in both directions, and then it dies. The
/// queue of the socket is full in one case and holds many messages in the other.
#[test]
fn client_that_dies_with_full_queues_does_not_stop_the_service() {
    let _watchdog = watchdog();
    for (&transport, hwm) in Transport::EVERY.iter().flat_map(|of| [(of, 1), (of, 1000)]) {
        let site = site(transport, |b| {
            b.outgoing(1, Overflow::StopReading)
                .incoming(1, Overflow::StopReading)
                .socket(|socket| socket.send_hwm(1).recv_hwm(hwm))
        });
        let handle =
            site.service.spawn_serving(|_| async { Msg::from(vec![0; 1_000_000]) }).unwrap();
        let greedy =
            client_with(&site.ctx, &handle, |b| b.recv_hwm(1).send_hwm(1).linger(Duration::ZERO));
        let request = Msg::from(vec![0; 10_000]);
        while greedy.send_msg_timeout(&request, Duration::from_millis(300)).is_ok() {}
        drop(greedy);
        let other = client_of(&site.ctx, &handle);
        other.send("please").unwrap();
        let reply = other.recv_msg_timeout(SOON).unwrap();
        assert!(reply.is_some(), "{transport:?} {hwm} {:?}", handle.stats());
    }
}

/// The program that receives the events disconnects a client whose queue is full.
#[test]
fn disconnect_ends_in_time_while_messages_of_the_client_wait_for_a_full_queue() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |b| {
        b.incoming(1, Overflow::StopReading).farewell_time(Duration::from_millis(50))
    });
    let handle = site.service.spawn().unwrap().blocking();
    let mut events = handle.events();
    let client = client_of(&site.ctx, &handle);
    let id = join(&client, &mut events);
    for number in 0..10 {
        client.send(number.to_string()).unwrap();
    }
    // One is in the queue, and at least one waits for room.
    until(|| handle.stats().queued_incoming > 1);
    assert_eq!(handle.disconnect(id).unwrap(), 0);
    for number in 0..handle.stats().queued_incoming {
        assert_eq!(*message(&mut events).body(), number.to_string().as_str());
    }
    assert_eq!(left(&mut events), (id, Reason::Parted, 0));
}

#[test]
fn service_that_cannot_start_ends_for_all_that_wait_for_it() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |b| b);
    let handle = site.service.handle().blocking();
    // A runtime without I/O.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    assert!(runtime.block_on(runtime.spawn(site.service.run())).unwrap_err().is_panic());
    let ended = thread::spawn(move || (handle.events().count(), handle.ended().aborted));
    until(|| ended.is_finished());
    assert_eq!(ended.join().unwrap(), (0, true));
}

/// libzmq refuses a message without frames. That is no reason to give up the client.
#[test]
fn router_message_without_frames_is_refused_and_its_client_stays() {
    let _watchdog = watchdog();
    let ctx = context();
    let service = Service::router().bind("tcp://127.0.0.1:*").ctx(&ctx).build().unwrap();
    let handle = service.spawn().unwrap().blocking();
    let client =
        DealerBuilder::new().connect(&handle.endpoints()[0]).with_ctx(ctx.handle()).unwrap();
    client.send("hello").unwrap();
    until(|| handle.stats().clients == 1);
    let id = handle.client_ids().remove(0);
    let error = handle.send(&id, Multipart::new()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error}");
    assert_eq!(handle.broadcast(Multipart::new()), std::slice::from_ref(&id));
    handle.send(&id, "after").unwrap();
    assert_eq!(client.recv_msg_timeout(SOON).unwrap().unwrap(), "after");

    let farewell = Service::router().bind("inproc://x").farewell(Multipart::new()).build();
    assert!(matches!(farewell.unwrap_err().kind(), ErrorKind::InvalidInput(_)));
}

/// A REQ waits for it.
#[test]
fn reply_without_frames_reaches_a_req() {
    let _watchdog = watchdog();
    let ctx = context();
    let service = Service::router().bind("tcp://127.0.0.1:*").ctx(&ctx).build().unwrap();
    let handle = service.spawn_serving(|_| async { Multipart::new() }).unwrap();
    let req = ReqBuilder::new().connect(&handle.endpoints()[0]).with_ctx(ctx.handle()).unwrap();
    req.send("hello").unwrap();
    assert_eq!(req.recv_msg_timeout(SOON).unwrap().unwrap(), "");
}

struct PanicsInDrop(Arc<AtomicUsize>);

impl Drop for PanicsInDrop {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
        panic!("a drop that panics");
    }
}

#[test]
fn panics_in_the_drops_of_handlers_are_contained() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let site = site(Transport::Tcp, |b| b);
    let handle = site.service.handle();
    let drops = Arc::new(AtomicUsize::new(0));
    let counted = drops.clone();
    let serving = runtime.spawn(site.service.serve(move |_| {
        let held = PanicsInDrop(counted.clone());
        async move {
            std::future::pending::<()>().await;
            drop(held);
            "never"
        }
    }));
    let client = client_of(&site.ctx, &handle);
    for _ in 0..10 {
        client.send("x").unwrap();
    }
    until(|| handle.stats().in_flight == 10);
    serving.abort();
    let _ = runtime.block_on(serving);
    assert_eq!(drops.load(Ordering::SeqCst), 10);
}
