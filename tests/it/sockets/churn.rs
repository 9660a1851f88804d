//! Peers that come and go while messages of several parts are sent.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use libzmq::{prelude::*, *};

use crate::{
    common::{Transport, watchdog},
    sockets::link::ms,
};

/// How long each combination lasts. Without its fix the fault shows once in some seconds.
const LASTS: Duration = ms(400);

/// Each part of a message is its number.
fn message(number: u64, parts: usize) -> Multipart {
    (0..parts).map(|_| number.to_ne_bytes().to_vec()).collect()
}

/// Short, so that the queues stay empty enough for the sender.
const BETWEEN_TRIES: Duration = Duration::from_micros(50);

/// Receives until a while after the end, and checks that each message is whole and in its order.
fn receive<R: RecvMultipart>(receiver: &R, ends: impl Fn() -> bool) -> usize {
    let (mut last, mut count) = (None, 0);
    loop {
        match receiver.try_recv_multipart() {
            Ok(parts) => {
                let number = u64::from_ne_bytes(parts[0].as_bytes().try_into().unwrap());
                let length = 2 + (number % 2) as usize;
                assert_eq!(parts, message(number, length), "after {last:?}");
                assert!(Some(number) > last, "{number} after {last:?}");
                last = Some(number);
                count += 1;
            }
            Err(_) if ends() => return count,
            Err(_) => thread::sleep(BETWEEN_TRIES),
        }
    }
}

fn sends_whole_messages<S, R>(transport: Transport, send: impl Fn(&S, Multipart) -> bool)
where
    S: SendMultipart,
    R: RecvMultipart + Send,
{
    let ctx = Ctx::new();
    let sender = Builder::<S>::new().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
    let endpoint = sender.last_endpoint().unwrap();
    let join = || Builder::<R>::new().connect(&endpoint).with_ctx(ctx.handle()).unwrap();
    let steady = join();
    let done = &AtomicBool::new(false);
    let join = &join;
    thread::scope(|scope| {
        let steady = scope.spawn(move || receive(&steady, || done.load(Ordering::Relaxed)));
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let start = Instant::now();
                    receive(&join(), || start.elapsed() > ms(1));
                }
            });
        }
        let start = Instant::now();
        let mut number = 0;
        while start.elapsed() < LASTS {
            if send(&sender, message(number, 2 + (number % 2) as usize)) {
                number += 1;
            }
        }
        done.store(true, Ordering::Relaxed);
        assert!(steady.join().unwrap() > 0);
    });
}

fn sends_whole_messages_everywhere<S, R>()
where
    S: SendMultipart,
    R: RecvMultipart + Send,
{
    let _watchdog = watchdog();
    for transport in [Transport::Tcp, Transport::Inproc] {
        sends_whole_messages::<S, R>(transport, |sender, parts| {
            sender.try_send_multipart(parts).is_ok()
        });
        sends_whole_messages::<S, R>(transport, |sender, parts| {
            sender.send_multipart(parts).is_ok()
        });
    }
}

#[test]
fn push_sends_whole_messages_while_peers_come_and_go() {
    sends_whole_messages_everywhere::<Push, Pull>();
}

#[test]
fn dealer_sends_whole_messages_while_peers_come_and_go() {
    sends_whole_messages_everywhere::<Dealer, Dealer>();
}
