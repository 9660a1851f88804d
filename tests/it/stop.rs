//! Stops: receiving calls end, while the socket goes on sending.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use libzmq::{monitor::EventSet, poll::*, prelude::*};

use crate::common::{Transport::Tcp, blocked::spawn_blocked, *};

const FOREVER: Duration = Duration::from_secs(600);

/// Starts a thread that is known to be blocked in the call, or that may not have made it yet.
fn start<T: Send + 'static>(
    blocked: bool,
    call: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    if blocked { spawn_blocked(call) } else { thread::spawn(call) }
}

#[test]
fn stop_wakes_every_receiver_of_a_thread_safe_socket() {
    let _watchdog = watchdog();
    for round in 0..20 {
        let Pair { ctx: _ctx, server, client } = pair(Tcp);
        let hello = {
            client.send("hello").unwrap();
            server.recv_msg().unwrap()
        };
        let receivers: Vec<_> = (0..8)
            .map(|number| {
                let server = server.clone();
                start(round % 2 == 0, move || match number % 4 {
                    0 => server.recv_msg().map(drop),
                    1 => server.recv_msg_timeout(FOREVER).map(drop),
                    2 => server.poll(READABLE, FOREVER).and_then(|_| server.recv_msg()).map(drop),
                    _ => server.recv(&mut Msg::new()),
                })
            })
            .collect();
        server.stop_receiving().unwrap();
        for receiver in receivers {
            let error = receiver.join().unwrap().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Stopped);
            assert!(error.is_shutdown() && !error.is_timeout());
        }
        // Senders go on.
        server.route("goodbye", hello.routing_id().unwrap()).unwrap();
        assert_eq!(client.recv_msg().unwrap(), "goodbye");
    }
}

#[test]
fn stop_wakes_single_threaded_receivers() {
    let _watchdog = watchdog();
    fn stopped<S, T: 'static>(socket: S, receive: fn(&S) -> Result<T, libzmq::Error>, blocked: bool)
    where
        S: Receives + Send + 'static,
    {
        let stopper = socket.stopper().unwrap();
        let receiver = start(blocked, move || receive(&socket).map(drop).unwrap_err().kind());
        stopper.stop();
        assert_eq!(receiver.join().unwrap(), ErrorKind::Stopped);
        // The socket is closed by now.
        stopper.stop();
        assert!(stopper.is_stopped());
    }
    for blocked in [false, true] {
        stopped(Pull::new().unwrap(), Pull::recv_msg, blocked);
        stopped(Pull::new().unwrap(), |pull| pull.recv_msg_timeout(FOREVER), blocked);
        stopped(PullBuilder::new().recv_timeout(FOREVER).build().unwrap(), Pull::recv_msg, blocked);
        stopped(Dealer::new().unwrap(), Dealer::recv_multipart, blocked);
        stopped(Router::new().unwrap(), Router::recv_from, blocked);
        stopped(Router::new().unwrap(), |router| router.recv_from_timeout(FOREVER), blocked);
        stopped(libzmq::Stream::new().unwrap(), libzmq::Stream::recv_from, blocked);
        stopped(XPub::new().unwrap(), XPub::recv_subscription, blocked);
        stopped(Rep::new().unwrap(), Rep::recv_msg, blocked);
        stopped(Dgram::new().unwrap(), Dgram::recv_from, blocked);
        stopped(
            Sub::new().unwrap(),
            |sub| sub.poll(READABLE, FOREVER).and_then(|_| sub.recv_msg()),
            blocked,
        );
    }
}

#[test]
fn stopped_socket_receives_queued_messages_only_without_blocking() {
    let _watchdog = watchdog();
    let Pair { ctx: _ctx, server, client } = pair(Tcp);
    for number in 0..3 {
        client.send(number.to_string()).unwrap();
    }
    until(|| server.poll(READABLE, FOREVER).unwrap() == READABLE);
    server.stop_receiving().unwrap();
    server.stop_receiving().unwrap();
    assert_eq!(server.recv_msg().unwrap_err().kind(), ErrorKind::Stopped);

    let mut received = Vec::new();
    until(|| {
        received.extend(server.try_recv_msg());
        received.len() == 3
    });
    assert_eq!(received, ["0", "1", "2"]);
    assert_eq!(server.try_recv_msg().unwrap_err().kind(), ErrorKind::Stopped);
}

#[test]
fn stop_wakes_a_poller_and_a_monitor() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let server = ServerBuilder::new().with_ctx(ctx.handle()).unwrap();
    let pull = PullBuilder::new().with_ctx(ctx.handle()).unwrap();
    let stoppers = [server.stopper().unwrap(), pull.stopper().unwrap()];
    let polled = server.clone();
    let polling = spawn_blocked(move || {
        let mut poller = Poller::new();
        poller.add(&polled, PollId(0), READABLE).unwrap();
        poller.add(&pull, PollId(1), READABLE).unwrap();
        let mut events = Events::new();
        until(|| {
            poller.poll(&mut events, FOREVER).unwrap();
            events.len() == 2
        });
        assert!(polled.recv_msg().unwrap_err().is_shutdown());
        assert!(pull.recv_msg().unwrap_err().is_shutdown());
    });
    stoppers.iter().for_each(Stopper::stop);
    polling.join().unwrap();

    let monitor = server.monitor(EventSet::ALL).unwrap();
    let stopper = monitor.stopper().unwrap();
    let reader = thread::spawn(move || {
        let kind = monitor.recv().unwrap_err().kind();
        (kind, monitor.recv_event_timeout(FOREVER).unwrap_err().kind())
    });
    stopper.stop();
    assert_eq!(reader.join().unwrap(), (ErrorKind::Stopped, ErrorKind::Stopped));
}

#[test]
fn stop_within_a_multipart_message_lets_it_be_received_whole() {
    let _watchdog = watchdog();
    let pull = PullBuilder::new().bind("inproc://stop-within").build().unwrap();
    let push = PushBuilder::new().connect("inproc://stop-within").build().unwrap();
    let stopper = pull.stopper().unwrap();
    let sender = thread::spawn(move || while push.try_send_multipart(["a", "b", "c"]).is_ok() {});
    // The stop comes while this thread receives what the other sends.
    let (received, first) = mpsc::channel();
    let stopping = thread::spawn(move || {
        first.recv().unwrap();
        stopper.stop();
    });
    let error = loop {
        match pull.recv_multipart() {
            Ok(parts) => {
                assert_eq!(parts, ["a", "b", "c"]);
                let _ = received.send(());
            }
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Stopped);
    while let Ok(parts) = pull.try_recv_multipart() {
        assert_eq!(parts, ["a", "b", "c"]);
    }
    stopping.join().unwrap();
    sender.join().unwrap();
}

/// The watchdog checks that no call hangs; a sanitizer sees a use after free.
#[test]
fn stop_during_the_drop_of_its_socket_is_harmless() {
    let _watchdog = watchdog();
    for _ in 0..200 {
        let (server, pull) = (Server::new().unwrap(), Pull::new().unwrap());
        let stoppers = [server.stopper().unwrap(), pull.stopper().unwrap()];
        let racing = stoppers.map(|stopper| thread::spawn(move || stopper.stop()));
        drop((server, pull));
        racing.into_iter().for_each(|racing| racing.join().unwrap());
    }
}

#[test]
fn stop_wakes_a_blocked_receiver() {
    let _watchdog = watchdog();
    let server = Server::new().unwrap();
    let receiver = spawn_blocked({
        let server = server.clone();
        move || server.recv_msg().unwrap_err().kind()
    });
    let (kind, took) = timed(|| {
        server.stop_receiving().unwrap();
        receiver.join().unwrap()
    });
    assert_eq!(kind, ErrorKind::Stopped);
    assert!(took < SOON, "{took:?}");
}

/// Workers that drain: after the stop they take what is queued, reply, and end.
#[test]
fn workers_reply_to_every_request_they_took_before_the_stop() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap();
    let endpoint = server.last_endpoint().unwrap();
    let taken = Arc::new(AtomicUsize::new(0));
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let (server, taken) = (server.clone(), taken.clone());
            thread::spawn(move || {
                let reply = |request: Msg| {
                    taken.fetch_add(1, Ordering::SeqCst);
                    let id = request.routing_id().unwrap();
                    server.route(request, id).unwrap();
                };
                while let Ok(request) = server.recv_msg() {
                    reply(request);
                }
                while let Ok(request) = server.try_recv_msg() {
                    reply(request);
                }
            })
        })
        .collect();
    let client = ClientBuilder::new().connect(endpoint).with_ctx(ctx.handle()).unwrap();
    for number in 0..500_u32 {
        client.send(&number.to_be_bytes()[..]).unwrap();
    }
    let first = client.recv_msg().unwrap();
    server.stop_receiving().unwrap();
    workers.into_iter().for_each(|worker| worker.join().unwrap());

    let mut replies = HashSet::from([first.to_vec()]);
    while replies.len() < taken.load(Ordering::SeqCst) {
        replies.insert(client.recv_bytes().unwrap());
    }
}
