//! Many threads on one socket: no message is lost or duplicated, and a blocked call holds no lock.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use libzmq::prelude::*;

use crate::common::{
    Transport, blocked::spawn_blocked, fill, fill_by, greet, pair, pair_with, retry, until,
    watchdog,
};

/// Requests and replies together.
const MESSAGES: usize = 1_000_000;
const SENDERS: usize = 4;
const RECEIVERS: usize = 4;
const ANSWERERS: usize = 8;

/// Which numbers were seen, and how many.
struct Seen {
    each: Vec<AtomicBool>,
    count: AtomicUsize,
}

impl Seen {
    fn new(numbers: usize) -> Self {
        Self {
            each: (0..numbers).map(|_| AtomicBool::new(false)).collect(),
            count: AtomicUsize::new(0),
        }
    }

    fn see(&self, msg: &Msg) {
        let number = usize::from_le_bytes(msg.as_bytes().try_into().unwrap());
        assert!(!self.each[number].swap(true, Ordering::Relaxed), "{number} came twice");
        self.count.fetch_add(1, Ordering::Release);
    }

    fn are(&self, count: usize) -> bool {
        self.count.load(Ordering::Acquire) == count
    }
}

/// Receives until the context is shut down.
fn drain(socket: &impl RecvMsg, mut take: impl FnMut(Msg)) {
    loop {
        match socket.recv_msg() {
            Ok(msg) => take(msg),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::InvalidCtx);
                return;
            }
        }
    }
}

/// Eight threads on the client and eight on the server.
fn neither_lost_nor_duplicated(transport: Transport) {
    let _watchdog = watchdog();
    let pair = pair(transport);
    let requests = MESSAGES / 2;
    // The last number is sent when all others have been answered.
    let (asked, answered) = (Seen::new(requests + 1), Seen::new(requests + 1));
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            let client = pair.client.clone();
            scope.spawn(move || {
                for number in (sender..requests).step_by(SENDERS) {
                    client.send(number.to_le_bytes()).unwrap();
                }
            });
        }
        for _ in 0..RECEIVERS {
            scope.spawn(|| drain(&pair.client, |reply| answered.see(&reply)));
        }
        for _ in 0..ANSWERERS {
            scope.spawn(|| {
                drain(&pair.server, |request| {
                    asked.see(&request);
                    let id = request.routing_id().unwrap();
                    pair.server.route(request, id).unwrap();
                });
            });
        }
        until(|| answered.are(requests));
        // A duplicate would arrive before this one.
        pair.client.send(requests.to_le_bytes()).unwrap();
        until(|| answered.are(requests + 1));
        pair.ctx.shutdown();
    });
    assert!(asked.are(requests + 1) && answered.are(requests + 1));
}

#[test]
fn threads_neither_lose_nor_duplicate_messages_over_inproc() {
    neither_lost_nor_duplicated(Transport::Inproc);
}

#[test]
fn threads_neither_lose_nor_duplicate_messages_over_tcp() {
    neither_lost_nor_duplicated(Transport::Tcp);
}

#[test]
fn blocked_receiver_does_not_block_a_sender_on_its_socket() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let pair = pair(transport);
        let id = pair.greet();
        let blocked = [
            spawn_blocked({
                let client = pair.client.clone();
                move || client.recv_msg().unwrap()
            }),
            spawn_blocked({
                let server = pair.server.clone();
                move || server.recv_msg().unwrap()
            }),
        ];
        for _ in 0..200 {
            assert!(pair.client.recv_timeout().is_ok());
            assert!(pair.server.try_route("x", RoutingId::new(1).unwrap()).is_err());
        }
        pair.client.send("question").unwrap();
        pair.server.route("answer", id).unwrap();
        let [client, server] = blocked;
        assert_eq!(client.join().unwrap(), "answer");
        assert_eq!(server.join().unwrap(), "question");
    }
}

#[test]
fn blocked_sender_does_not_block_a_receiver_on_its_socket() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let mut server = ServerBuilder::new();
        let mut client = ClientBuilder::new();
        let pair =
            pair_with(transport, server.send_hwm(1).recv_hwm(1), client.recv_hwm(1).send_hwm(1));
        let id = pair.greet();
        let large = Msg::from(vec![1; 100_000]);

        let sent = fill(&pair.server, id, &large) + 1;
        let blocked_server = spawn_blocked({
            let (server, large) = (pair.server.clone(), large.clone());
            move || server.route(large, id).unwrap()
        });
        // Another client talks to the same server.
        let other = ClientBuilder::new()
            .connect(pair.server.last_endpoint().unwrap())
            .with_ctx(pair.ctx.handle())
            .unwrap();
        for _ in 0..100 {
            let id = greet(&pair.server, &other);
            pair.server.route("hello", id).unwrap();
            assert_eq!(other.recv_msg().unwrap(), "hello");
        }

        // On the first client one thread is blocked in a send while another receives.
        let asked = fill_by(|_| pair.client.try_send(&large)) + 1;
        let blocked_client = spawn_blocked({
            let (client, large) = (pair.client.clone(), large.clone());
            move || client.send(large).unwrap()
        });
        for _ in 0..sent {
            assert_eq!(pair.client.recv_msg().unwrap().len(), large.len());
        }
        blocked_server.join().unwrap();
        for _ in 0..asked {
            assert_eq!(pair.server.recv_msg().unwrap().len(), large.len());
        }
        blocked_client.join().unwrap();
    }
}

#[test]
fn clients_connect_and_drop_during_traffic() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let ctx = Ctx::new();
        let server =
            ServerBuilder::new().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
        let endpoint = server.last_endpoint().unwrap();
        let (ctx, server, endpoint) = (&ctx, &server, &endpoint);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(move || {
                    drain(server, |request| {
                        let id = request.routing_id().unwrap();
                        if let Err(error) = server.route(request, id) {
                            assert!(
                                matches!(
                                    error.kind(),
                                    ErrorKind::HostUnreachable | ErrorKind::InvalidCtx
                                ),
                                "{error}"
                            );
                        }
                    });
                });
            }
            let visitors: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(move || {
                        for visit in 0..50_u32 {
                            let client = ClientBuilder::new()
                                .connect(endpoint)
                                .with_ctx(ctx.handle())
                                .unwrap();
                            for number in 0..10_u32 {
                                client.send((visit * 100 + number).to_le_bytes()).unwrap();
                            }
                            // It leaves with half of its answers unread.
                            for _ in 0..5 {
                                let answer = client.recv_msg().unwrap();
                                let number =
                                    u32::from_le_bytes(answer.as_bytes().try_into().unwrap());
                                assert_eq!(number / 100, visit);
                            }
                        }
                    })
                })
                .collect();
            for visitor in visitors {
                visitor.join().unwrap();
            }
            ctx.shutdown();
        });
    }
}

#[test]
fn calls_of_many_threads_on_one_socket_leave_it_usable() {
    /// How long the threads call at once.
    const CONTENTION: Duration = Duration::from_millis(500);

    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap();
    let client = ClientBuilder::new()
        .connect(server.last_endpoint().unwrap())
        .with_ctx(ctx.handle())
        .unwrap();
    let known = server.last_endpoint().unwrap();
    let over = AtomicBool::new(false);
    let calls: [&(dyn Fn() + Sync); 6] = [
        &|| {
            let _ = client.set_recv_timeout(Duration::from_millis(5)).and(client.recv_timeout());
        },
        &|| {
            let _ = server.set(opt::Linger, Duration::ZERO).and(server.last_endpoint());
        },
        &|| {
            let _ = server.bind(Transport::Inproc.anywhere());
        },
        &|| {
            let endpoint = Transport::Inproc.anywhere();
            let _ = client.connect(&endpoint).and(client.disconnect(&endpoint));
        },
        &|| {
            let _ = client.try_send("x");
            let _ = client.try_recv_msg();
        },
        &|| {
            if let Ok(request) = server.try_recv_msg() {
                let id = request.routing_id().unwrap();
                let _ = server.try_route(request, id);
            }
        },
    ];
    thread::scope(|scope| {
        for call in calls {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    call();
                }
            });
        }
        thread::sleep(CONTENTION);
        over.store(true, Ordering::Relaxed);
    });
    let fresh = ClientBuilder::new().connect(known).with_ctx(ctx.handle()).unwrap();
    fresh.send("still there?").unwrap();
    let request = retry(|| server.recv_msg().ok().filter(|request| *request == "still there?"));
    server.route("yes", request.routing_id().unwrap()).unwrap();
    assert_eq!(fresh.recv_msg().unwrap(), "yes");
}
