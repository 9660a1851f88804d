//! `Poller`: waiting for many sockets at once.

use std::{
    io::Write,
    net::{TcpListener, TcpStream},
    rc::Rc,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use libzmq::{poll::*, prelude::*};

use crate::common::{
    Transport, pair, timed, until, watchdog,
    zmtp::{RawPeer, last, part},
};

/// The ids of the events of one poll, in order.
fn ready(poller: &mut Poller<'_>) -> Vec<usize> {
    let mut events = Events::new();
    poller.poll(&mut events, Infinite).unwrap();
    let mut ids: Vec<usize> = events.iter().map(|event| event.id().0).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn poller_reports_sockets_of_both_kinds_and_descriptors() {
    let _watchdog = watchdog();
    let pair = pair(Transport::Tcp);
    let pull = PullBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
    let push = PushBuilder::new().connect(pull.last_endpoint().unwrap()).build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut far = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (near, _) = listener.accept().unwrap();

    let mut poller = Poller::new();
    poller.add(&pair.server, PollId(0), READABLE).unwrap();
    poller.add(&pull, PollId(1), READABLE).unwrap();
    poller.add(&near, PollId(2), READABLE).unwrap();
    assert_eq!(poller.try_poll(&mut Events::new()).unwrap_err().kind(), ErrorKind::WouldBlock);

    pair.client.send("x").unwrap();
    assert_eq!(ready(&mut poller), [0]);
    // Readiness is a state, and is reported again.
    assert_eq!(ready(&mut poller), [0]);
    push.send("x").unwrap();
    until(|| ready(&mut poller) == [0, 1]);
    far.write_all(b"x").unwrap();
    until(|| ready(&mut poller) == [0, 1, 2]);
    pair.server.recv_msg().unwrap();
    assert_eq!(ready(&mut poller), [1, 2]);
    pull.recv_msg().unwrap();
    assert_eq!(ready(&mut poller), [2]);
}

/// A peer that sends what the socket discards does not stop a program that waits for two sockets.
#[test]
fn poller_reports_no_message_that_a_receive_would_discard() {
    const WORK: usize = 20;

    let _watchdog = watchdog();
    let bad = [part("not"), last("taken")].concat();
    let good = last("taken");
    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
    let rep = RepBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
    let pull = PullBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
    let push = PushBuilder::new().connect(pull.last_endpoint().unwrap()).build().unwrap();
    let mut client = RawPeer::connect(&server.last_endpoint().unwrap(), "CLIENT");
    let mut req = RawPeer::connect(&rep.last_endpoint().unwrap(), "REQ");

    let mut poller = Poller::new();
    poller.add(&server, PollId(0), READABLE).unwrap();
    poller.add(&rep, PollId(1), READABLE).unwrap();
    poller.add(&pull, PollId(2), READABLE).unwrap();
    for _ in 0..10 {
        client.send(&bad);
        // A request without the empty part that ends its envelope.
        req.send(last("no envelope"));
    }
    for _ in 0..WORK {
        push.send("work").unwrap();
    }
    client.send(&good);
    req.send([part(""), good].concat());

    let mut served = [0; 3];
    while served != [1, 1, WORK] {
        for id in ready(&mut poller) {
            let msg = match id {
                0 => server.recv_msg().unwrap(),
                1 => rep.recv_msg().unwrap(),
                _ => pull.recv_msg().unwrap(),
            };
            assert_eq!(msg, if id == 2 { "work" } else { "taken" });
            served[id] += 1;
        }
    }
}

#[test]
fn poller_modify_changes_the_trigger() {
    let _watchdog = watchdog();
    let pair = pair(Transport::Inproc);
    pair.client.send("x").unwrap();
    let mut poller = Poller::new();
    let mut events = Events::with_capacity(1);
    for trigger in [READABLE, WRITABLE, READABLE | WRITABLE] {
        poller.add(&pair.server, PollId(7), trigger).unwrap();
        poller.poll(&mut events, Infinite).unwrap();
        let event = events.iter().next().unwrap();
        assert_eq!(event.id(), PollId(7));
        assert_eq!(
            (event.is_readable(), event.is_writable()),
            (trigger.contains(READABLE), trigger.contains(WRITABLE))
        );
        assert!(!event.is_error() && !event.is_priority());

        poller.modify(&pair.server, EMPTY).unwrap();
        assert_eq!(
            poller.poll(&mut events, Duration::from_millis(20)).unwrap_err().kind(),
            ErrorKind::WouldBlock
        );
        assert!(events.is_empty());
        // A clone is the same socket.
        poller.remove(&pair.server.clone()).unwrap();
    }
    for error in [
        poller.remove(&pair.server),
        poller.modify(&pair.server, READABLE),
        poller.poll(&mut events, Infinite),
    ] {
        assert!(matches!(error.unwrap_err().kind(), ErrorKind::InvalidInput(_)));
    }
}

#[test]
fn poller_without_an_event_times_out_after_its_period() {
    const PERIOD: Duration = Duration::from_millis(150);

    let _watchdog = watchdog();
    let server = Server::new().unwrap();
    let mut poller = Poller::new();
    let mut events = Events::new();
    // Without a socket, with a socket and an empty trigger, and with a trigger.
    for step in 0..3 {
        match step {
            1 => poller.add(&server, PollId(0), EMPTY).unwrap(),
            2 => poller.modify(&server, READABLE).unwrap(),
            _ => (),
        }
        let (result, took) = timed(|| poller.poll(&mut events, PERIOD));
        assert_eq!(result.unwrap_err().kind(), ErrorKind::WouldBlock);
        assert!(took >= PERIOD, "{took:?}");
    }
}

#[test]
fn poller_keeps_its_sockets_open() {
    let _watchdog = watchdog();
    let mut poller = Poller::new();
    let (server, rep) = (Server::new().unwrap(), Rc::new(Rep::new().unwrap()));
    let endpoints = ["inproc://kept-server", "inproc://kept-rep"];
    server.bind(endpoints[0]).unwrap();
    rep.bind(endpoints[1]).unwrap();
    poller.add(&server, PollId(0), READABLE).unwrap();
    poller.add(rep.clone(), PollId(1), READABLE).unwrap();
    drop((server, rep));

    let client = ClientBuilder::new().connect(endpoints[0]).build().unwrap();
    let req = ReqBuilder::new().connect(endpoints[1]).build().unwrap();
    client.send("x").unwrap();
    req.send("x").unwrap();
    assert_eq!(ready(&mut poller), [0, 1]);

    // The endpoints are free once the poller has dropped the sockets.
    assert_eq!(Server::new().unwrap().bind(endpoints[0]).unwrap_err().kind(), ErrorKind::AddrInUse);
    drop(poller);
    until(|| {
        Server::new().unwrap().bind(endpoints[0]).is_ok()
            && Rep::new().unwrap().bind(endpoints[1]).is_ok()
    });
}

#[test]
fn poller_adds_and_removes_sockets_repeatedly() {
    let _watchdog = watchdog();
    let mut poller = Poller::new();
    for round in 0..300 {
        let pair = pair(Transport::Inproc);
        let dealer = Rc::new(
            DealerBuilder::new().connect("inproc://nobody").with_ctx(pair.ctx.handle()).unwrap(),
        );
        poller.add(&pair.server, PollId(round), READABLE).unwrap();
        poller.add(dealer.clone(), PollId(1000), READABLE).unwrap();
        pair.client.send("x").unwrap();
        assert_eq!(ready(&mut poller), [round]);
        poller.remove(&pair.server).unwrap();
        poller.remove(dealer).unwrap();
    }
}

#[test]
fn shutdown_ends_a_blocked_poll() {
    let _watchdog = watchdog();
    for classical in [false, true] {
        let ctx = Ctx::new();
        let handle = ctx.handle();
        let (send, started) = mpsc::channel();
        let poll = thread::spawn(move || {
            let server = Server::with_ctx(handle).unwrap();
            let dealer = Dealer::with_ctx(handle).unwrap();
            let mut poller = Poller::new();
            match classical {
                true => poller.add(&dealer, PollId(0), READABLE).unwrap(),
                false => poller.add(&server, PollId(0), READABLE).unwrap(),
            }
            send.send(()).unwrap();
            let mut events = Events::new();
            let end = poller.poll(&mut events, Infinite).unwrap_err();
            // A change makes libzmq poll the sockets anew, whose context is shut down.
            let router = Router::new().unwrap();
            let mut second = Poller::new();
            assert!(dealer.try_recv_msg().is_err());
            second.add(&router, PollId(1), READABLE).unwrap();
            second.add(&dealer, PollId(0), READABLE).unwrap();
            assert_eq!(
                second.poll(&mut events, Infinite).unwrap_err().kind(),
                ErrorKind::InvalidCtx
            );
            end.kind()
        });
        started.recv().unwrap();
        ctx.shutdown();
        assert_eq!(poll.join().unwrap(), ErrorKind::InvalidCtx);
    }
}

#[test]
fn poller_waker_ends_a_blocked_poll() {
    let _watchdog = watchdog();
    let pair = pair(Transport::Tcp);
    let (send, wakers) = mpsc::channel();
    let received = AtomicUsize::new(0);
    thread::scope(|scope| {
        let server = pair.server.clone();
        let received = &received;
        let receiver = scope.spawn(move || {
            let mut poller = Poller::new();
            poller.add(&server, PollId(0), READABLE).unwrap();
            send.send(poller.waker().unwrap()).unwrap();
            let mut events = Events::new();
            while !events.is_woken() {
                poller.poll(&mut events, Infinite).unwrap();
                received.fetch_add(
                    events.iter().filter(|_| server.try_recv_msg().is_ok()).count(),
                    Ordering::Relaxed,
                );
            }
        });
        let waker = wakers.recv().unwrap();
        pair.client.send("x").unwrap();
        until(|| received.load(Ordering::Relaxed) == 1);
        waker.wake();
        receiver.join().unwrap();
        // The poller has been dropped.
        waker.wake();
    });
    // The sockets still work.
    pair.greet();
}

#[test]
fn poller_reports_each_wake_once() {
    let _watchdog = watchdog();
    let mut poller = Poller::new();
    let mut events = Events::new();
    let waker = poller.waker().unwrap();
    // More than a pipe of the system holds.
    thread::scope(|scope| {
        for _ in 0..2 {
            let waker = waker.clone();
            scope.spawn(move || (0..100_000).for_each(|_| waker.wake()));
        }
    });
    poller.poll(&mut events, Infinite).unwrap();
    assert!(events.is_woken() && events.is_empty());
    assert_eq!(poller.try_poll(&mut events).unwrap_err().kind(), ErrorKind::WouldBlock);
    assert!(!events.is_woken());
    for _ in 0..1000 {
        let waker = poller.waker().unwrap();
        let waking = thread::spawn(move || waker.wake());
        poller.poll(&mut events, Infinite).unwrap();
        assert!(events.is_woken());
        waking.join().unwrap();
    }
}

#[cfg(unix)]
#[test]
fn signals_neither_end_nor_extend_a_poll() {
    extern "C" fn ignore(_: libc::c_int) {}

    const PERIOD: Duration = Duration::from_millis(300);

    let _watchdog = watchdog();
    // SAFETY: a handler that does nothing, without SA_RESTART, for a signal that nothing else here
    // uses.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = ignore as extern "C" fn(libc::c_int) as usize;
        assert_eq!(libc::sigaction(libc::SIGUSR2, &raw const action, std::ptr::null_mut()), 0);
    }
    // SAFETY: asks for the calling thread.
    let target = unsafe { libc::pthread_self() };
    let (over, ended) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            while ended.recv_timeout(Duration::from_micros(500))
                == Err(mpsc::RecvTimeoutError::Timeout)
            {
                // SAFETY: the thread waits for this one at the end of the scope.
                unsafe { libc::pthread_kill(target, libc::SIGUSR2) };
            }
        });
        let dealer = Dealer::new().unwrap();
        let mut poller = Poller::new();
        poller.add(&dealer, PollId(0), READABLE).unwrap();
        let (result, took) = timed(|| poller.poll(&mut Events::new(), PERIOD));
        assert_eq!(result.unwrap_err().kind(), ErrorKind::WouldBlock);
        assert!(took >= PERIOD && took < PERIOD + crate::common::SOON, "{took:?}");
        drop(over);
    });
}

#[cfg(unix)]
#[test]
fn descriptor_of_single_threaded_socket_is_readable_when_a_message_comes() {
    let ctx = Ctx::new();
    let pull = PullBuilder::new().bind("inproc://descriptor").build_in(&ctx).unwrap();
    let push = PushBuilder::new().connect("inproc://descriptor").build_in(&ctx).unwrap();
    while pull.poll(READABLE, Duration::ZERO).unwrap().contains(READABLE) {}
    push.send("news").unwrap();

    let descriptor = pull.fd().unwrap().try_clone_to_owned().unwrap();
    let mut poller = Poller::new();
    poller.add(&descriptor, PollId(0), READABLE).unwrap();
    poller.poll(&mut Events::new(), Duration::from_secs(30)).unwrap();
    assert_eq!(pull.recv_msg().unwrap(), "news");

    ctx.shutdown();
    pull.recv_msg().unwrap_err();
    assert_eq!(pull.fd().unwrap_err().kind(), ErrorKind::InvalidCtx);
}
