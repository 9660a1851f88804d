//! The end of a service.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use libzmq::{prelude::*, service::*};

use super::{SOON, client_of, client_with, join, left, runtime, site};
use crate::common::{Transport, fill_by, timed, until, watchdog};

/// Clients send requests as fast as they can. The service answers each request that it has read,
/// and each reply arrives.
#[test]
fn stop_under_load_loses_nothing_that_was_accepted() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let site = site(transport, |builder| builder);
        let handle = site
            .service
            .spawn_serving(|request| async move {
                tokio::task::yield_now().await;
                request.into_body()
            })
            .unwrap();
        let clients: Vec<_> = (0..4)
            .map(|_| client_with(&site.ctx, &handle, |builder| builder.send_hwm(100)))
            .collect();
        let stop = AtomicBool::new(false);
        let (asked, answered) = thread::scope(|scope| {
            let askers: Vec<_> = clients
                .iter()
                .map(|client| {
                    let stop = &stop;
                    scope.spawn(move || {
                        let (mut asked, mut answered) = (0_u64, 0_u64);
                        while !stop.load(Ordering::Relaxed) {
                            asked += u64::from(client.try_send("x").is_ok());
                            while client.try_recv_msg().is_ok() {
                                answered += 1;
                            }
                        }
                        while client.recv_msg_timeout(Duration::from_millis(500)).unwrap().is_some()
                        {
                            answered += 1;
                        }
                        (asked, answered)
                    })
                })
                .collect();
            thread::sleep(Duration::from_millis(100));
            let report = handle.blocking().stop(SOON);
            assert!(report.is_complete(), "{transport:?}: {report:?}");
            stop.store(true, Ordering::Relaxed);
            let sums = askers.into_iter().map(|asker| asker.join().unwrap());
            sums.fold((0, 0), |sum, next| (sum.0 + next.0, sum.1 + next.1))
        });
        let stats = handle.stats();
        assert_eq!(stats.received, stats.delivered, "{transport:?}");
        assert_eq!(stats.sent, stats.received, "{transport:?}");
        assert_eq!(answered, stats.sent, "{transport:?}: of {asked}");
    }
}

#[test]
fn stop_says_what_was_left() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder.outgoing(10, Overflow::StopReading));
    let handle = site.service.spawn().unwrap().blocking();
    let mut events = handle.events();
    let client = client_with(&site.ctx, &handle, |builder| builder.recv_hwm(1));
    let id = join(&client, &mut events);
    fill_by(|_| handle.try_send(id, vec![0; 100_000]));
    client.send("unread").unwrap();
    until(|| handle.queued_from(id) == 1);

    let (report, time) = timed(|| handle.stop(Duration::from_millis(100)));
    assert!(time < Duration::from_secs(5), "{time:?}");
    assert_eq!(report.unsent, [(id, 10)]);
    assert_eq!((report.unread, report.unanswered, report.aborted), (1, 0, false));
    // Messages that the service has read can be received after its end.
    assert_eq!(super::message(&mut events).into_body(), "unread");
    assert_eq!(left(&mut events), (id, Reason::Stopped, 10));
    assert_eq!(events.next().map(drop), None);
    assert_eq!(events.next().map(drop), None);
    let error = handle.send(id, "late").unwrap_err();
    assert_eq!((error.kind(), error.content().is_some()), (ErrorKind::Stopped, true));
}

#[test]
fn stop_twice_and_from_many_threads_is_one_end() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder);
    let handle = site.service.spawn().unwrap().blocking();
    let mut events = handle.events();
    let client = client_of(&site.ctx, &handle);
    join(&client, &mut events);
    client.send("unread").unwrap();
    until(|| handle.stats().queued_incoming == 1);
    thread::scope(|scope| {
        // A stop without a deadline: the earlier deadlines of the others apply.
        let forever = scope.spawn(|| handle.stop(Infinite));
        let stops: Vec<_> =
            (0..5).map(|_| scope.spawn(|| handle.stop(Duration::from_millis(50)))).collect();
        for stop in stops.into_iter().chain([forever]) {
            let report = stop.join().unwrap();
            assert_eq!((report.unread, report.aborted), (1, false));
        }
    });
    assert_eq!(handle.stop(Infinite).unread, 1);
    assert_eq!(handle.ended().unread, 1);
    assert!(!handle.is_running());
}

#[test]
fn service_that_was_stopped_before_it_runs_does_not_run() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let site = site(Transport::Tcp, |builder| builder);
    let handle = site.service.handle();
    assert!(handle.blocking().stop(Infinite).is_complete());
    assert!(runtime.block_on(site.service.run()).unwrap().is_complete());
}

#[test]
fn service_that_is_dropped_before_it_runs_ends() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder);
    let handle = site.service.handle().blocking();
    let mut events = handle.events();
    thread::scope(|scope| {
        let waits = scope.spawn(|| events.next().map(drop));
        let ends = scope.spawn(|| handle.ended());
        drop(site.service);
        assert_eq!(waits.join().unwrap(), None);
        assert!(ends.join().unwrap().aborted);
    });
}

#[test]
fn runtime_that_ends_before_the_service_ends_it() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let site = site(Transport::Tcp, |builder| builder);
    let handle = site.service.handle().blocking();
    let mut events = handle.events();
    let running = runtime.spawn(site.service.run());
    let client = client_of(&site.ctx, &handle);
    let id = join(&client, &mut events);
    let waits = {
        let handle = handle.clone();
        thread::spawn(move || handle.recv_from(id).unwrap_err().kind())
    };
    drop(runtime);
    drop(running);
    assert_eq!(waits.join().unwrap(), ErrorKind::HostUnreachable);
    assert!(handle.ended().aborted);
    assert!(handle.stop(Infinite).aborted);
    assert_eq!(left(&mut events), (id, Reason::Stopped, 0));
    assert_eq!(events.next().map(drop), None);
    assert_eq!(handle.try_send(id, "x").unwrap_err().kind(), ErrorKind::Stopped);
}

#[test]
fn shutdown_of_the_context_ends_the_service() {
    let _watchdog = watchdog();
    let runtime = runtime();
    let site = site(Transport::Tcp, |builder| builder);
    let handle = site.service.handle();
    let running = runtime.spawn(site.service.run());
    until(|| handle.is_running());
    site.ctx.shutdown();
    assert_eq!(runtime.block_on(running).unwrap().unwrap_err().kind(), ErrorKind::InvalidCtx);
    assert!(handle.blocking().ended().aborted);
}

#[test]
fn spawned_service_ends_with_its_last_handle() {
    let _watchdog = watchdog();
    let site = site(Transport::Inproc, |builder| builder);
    let handle = site.service.spawn().unwrap();
    let mut events = handle.events().blocking();
    let client = client_of(&site.ctx, &handle);
    let id = join(&client, &mut events);
    handle.try_send(id, "last").unwrap();
    let endpoint = handle.endpoints()[0].clone();
    drop(handle);
    // A stream of events keeps the service running, too.
    client.send("still there").unwrap();
    assert_eq!(super::message(&mut events).into_body(), "still there");
    drop(events);
    assert_eq!(client.recv_msg().unwrap(), "last");
    // The service closes its socket, so the endpoint becomes free.
    let start = Instant::now();
    while let Err(error) = ServerBuilder::new().bind(&endpoint).with_ctx(site.ctx.handle()) {
        assert_eq!(error.kind(), ErrorKind::AddrInUse);
        assert!(start.elapsed() < SOON);
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn endpoint_in_use_is_an_error_of_the_builder() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder);
    let endpoint = &site.service.endpoints()[0];
    let error = Service::builder().bind(endpoint).ctx(&site.ctx).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
    let invalid = |builder: &mut ServiceBuilder| {
        matches!(builder.build().unwrap_err().kind(), ErrorKind::InvalidInput(_))
    };
    assert!(invalid(&mut Service::builder()));
    assert!(invalid(Service::builder().bind("tcp://nonsense")));
    assert!(invalid(Service::builder().bind("inproc://x").incoming(0, Overflow::DropNewest)));
    assert!(invalid(Service::builder().bind("inproc://x").in_flight(0)));
}

#[test]
fn times_that_no_clock_can_tell_are_no_limits() {
    let _watchdog = watchdog();
    let site =
        site(Transport::Tcp, |builder| builder.idle(Duration::MAX).farewell_time(Duration::MAX));
    let handle = site.service.spawn().unwrap().blocking();
    let mut events = handle.events();
    let client = client_of(&site.ctx, &handle);
    let id = join(&client, &mut events);
    assert_eq!(handle.recv_from_timeout(id, Duration::from_millis(1)).unwrap().map(drop), None);
    handle.send_timeout(id, "last", Duration::MAX).unwrap();
    assert_eq!(handle.disconnect(id).unwrap(), 0);
    assert_eq!(client.recv_msg().unwrap(), "last");
    drop(events);
    assert!(handle.stop(Duration::MAX).is_complete());
}
