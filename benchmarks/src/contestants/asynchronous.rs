//! This crate, with `Async` on tokio: tasks on both sides, two workers.

use std::hint::black_box;
use std::time::Duration;

use contestant::{Job, Pattern, Work, tasks};
use libzmq::*;
use tokio::runtime::Runtime;

use super::links;

/// A loop in a task: `count` times the body, in which the sockets are wrapped.
macro_rules! repeat {
    ($count:expr, [$($socket:ident),*] $body:expr) => {{
        let count = $count;
        $(let $socket = Async::new($socket).unwrap();)*
        async move {
            for _ in 0..count {
                $body
            }
            ($($socket,)*)
        }
    }};
}

/// The throughput of a sender and its receivers.
macro_rules! throughput {
    (
        $runtime:expr, $job:expr, $sender:ident, $receivers:expr, $send:expr, $r:ident => $recv:expr
    ) => {{
        let _guard = $runtime.enter();
        let receiving = $receivers.into_iter().map(|$r| {
            repeat!($job.count, [$r] { black_box($recv.as_bytes()); })
        });
        let receiving = receiving.collect();
        tasks($runtime, repeat!($job.count, [$sender] { $send.await.unwrap(); }), receiving)
    }};
}

/// The round trips of a side that asks and a side that answers.
macro_rules! round_trips {
    (
        $runtime:expr, $job:expr, [$($asks:ident),*] $ask:expr, [$($answers:ident),*] $answer:expr
    ) => {{
        let _guard = $runtime.enter();
        let answering = repeat!($job.count, [$($answers),*] { $answer.await.unwrap(); });
        let asking = repeat!($job.count, [$($asks),*] { black_box($ask.as_bytes()); });
        tasks($runtime, answering, vec![asking])
    }};
}

/// Receives a message that has content: empty ones only showed that there is a connection.
macro_rules! recv {
    ($receiver:expr) => {
        loop {
            let msg = $receiver.recv_msg().await.unwrap();
            if !msg.is_empty() {
                break msg;
            }
        }
    };
}

/// Runs a job.
pub fn run(runtime: &Runtime, job: &Job) -> Duration {
    let ctx = Ctx::new();
    match job.work {
        Work::Throughput => throughput(runtime, job, &ctx),
        Work::RoundTrip => round_trips(runtime, job, &ctx),
    }
}

/// Sends and receives in one task, for counting instructions.
pub fn alone(runtime: &Runtime, job: &Job) {
    let ctx = Ctx::new();
    let content = job.content();
    macro_rules! send_and_recv {
        ($sender:ident, $receiver:ident) => {{
            let (sender, receiver) = links::connected::<$sender, $receiver>(job, &ctx);
            runtime.block_on(repeat!(job.count, [sender, receiver] {
                sender.send(&content[..]).await.unwrap();
                black_box(receiver.recv_msg().await.unwrap().as_bytes());
            }));
        }};
    }
    let _guard = runtime.enter();
    match job.pattern {
        Pattern::PushPull => send_and_recv!(Push, Pull),
        Pattern::ClientServer => send_and_recv!(Client, Server),
        _ => unreachable!("only two patterns are counted"),
    }
}

fn throughput(runtime: &Runtime, job: &Job, ctx: &Ctx) -> Duration {
    let content = job.content();
    let to = links::group();
    macro_rules! plain {
        ($sender:ident, $receiver:ident) => {{
            let (s, r) = links::connected::<$sender, $receiver>(job, ctx);
            throughput!(runtime, job, s, [r], s.send(&content[..]), r => recv!(r))
        }};
    }
    match job.pattern {
        Pattern::PushPull => plain!(Push, Pull),
        Pattern::ScatterGather => plain!(Scatter, Gather),
        Pattern::ClientServer => plain!(Client, Server),
        Pattern::Channel => plain!(Channel, Channel),
        Pattern::Peer => {
            let (s, id, r) = links::peers(job, ctx);
            throughput!(runtime, job, s, [r], s.route(&content[..], id), r => recv!(r))
        }
        Pattern::DealerRouter => {
            let (s, r) = links::dealer_router(job, ctx);
            throughput!(runtime, job, s, [r], s.send(&content[..]),
                r => r.recv_from().await.unwrap().1.pop_front().unwrap())
        }
        Pattern::PubSub | Pattern::PubSub10 => {
            let (s, receivers) = links::publisher(job, ctx);
            throughput!(runtime, job, s, receivers, s.send(&content[..]), r => recv!(r))
        }
        Pattern::RadioDish | Pattern::RadioDish10 => {
            let (s, receivers) = links::radio(job, ctx);
            throughput!(runtime, job, s, receivers, s.transmit(&content[..], &*to), r => recv!(r))
        }
        Pattern::ReqRep => unreachable!("they take turns"),
    }
}

fn round_trips(runtime: &Runtime, job: &Job, ctx: &Ctx) -> Duration {
    let content = job.content();
    macro_rules! two_way {
        ($asks:ident, $answers:ident) => {{
            let (near, far) = links::pair::<$asks, $answers>(job, ctx);
            round_trips!(runtime, job,
                [near] { near.send(&content[..]).await.unwrap(); recv!(near) },
                [far] far.send(recv!(far)))
        }};
    }
    macro_rules! one_way {
        ($forth:expr, $back:expr) => {{
            let (forth, there) = $forth;
            let (back, here) = $back;
            round_trips!(runtime, job,
                [forth, here] { forth.send(&content[..]).await.unwrap(); recv!(here) },
                [there, back] back.send(recv!(there)))
        }};
    }
    match job.pattern {
        Pattern::ReqRep => two_way!(Req, Rep),
        Pattern::Channel => two_way!(Channel, Channel),
        Pattern::ClientServer => {
            let (near, far) = links::connected::<Client, Server>(job, ctx);
            round_trips!(runtime, job,
            [near] { near.send(&content[..]).await.unwrap(); recv!(near) },
            [far] {
                let msg = recv!(far);
                let id = msg.routing_id().unwrap();
                far.route(msg, id)
            })
        }
        Pattern::Peer => {
            let (near, to, far) = links::peers(job, ctx);
            round_trips!(runtime, job,
            [near] { near.route(&content[..], to).await.unwrap(); recv!(near) },
            [far] {
                let msg = recv!(far);
                let id = msg.routing_id().unwrap();
                far.route(msg, id)
            })
        }
        Pattern::DealerRouter => {
            let (near, far) = links::dealer_router(job, ctx);
            round_trips!(runtime, job,
            [near] { near.send(&content[..]).await.unwrap(); recv!(near) },
            [far] async {
                let (from, parts) = far.recv_from().await.map_err(drop)?;
                far.route(parts, &from).await.map_err(drop)
            })
        }
        Pattern::PushPull => {
            one_way!(
                links::connected::<Push, Pull>(job, ctx),
                links::connected::<Push, Pull>(job, ctx)
            )
        }
        Pattern::ScatterGather => {
            one_way!(
                links::connected::<Scatter, Gather>(job, ctx),
                links::connected::<Scatter, Gather>(job, ctx)
            )
        }
        Pattern::PubSub | Pattern::PubSub10 => {
            one_way!(first(links::publisher(job, ctx)), first(links::publisher(job, ctx)))
        }
        Pattern::RadioDish | Pattern::RadioDish10 => {
            let to = links::group();
            let way_back = links::group();
            let (forth, there) = first(links::radio(job, ctx));
            let (back, here) = first(links::radio(job, ctx));
            round_trips!(runtime, job,
                [forth, here] { forth.transmit(&content[..], &*to).await.unwrap(); recv!(here) },
                [there, back] back.transmit(recv!(there), &*way_back))
        }
    }
}

fn first<S, R>((sender, receivers): (S, Vec<R>)) -> (S, R) {
    (sender, receivers.into_iter().next().expect("one receiver"))
}
