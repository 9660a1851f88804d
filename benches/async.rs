//! `Async` beside the blocking calls, in one run: how many messages of 64 bytes a socket receives
//! while a thread sends them, and how long a question and its answer take.
//!
//! Both run in turn in one process, and each pair of neighbours gives one ratio, so that what else
//! the machine does meets both. The table has the median of the ratios, of `Async` to blocking: the
//! throughput should be above 0.8, the time of a round trip below 1.5. Run it with
//!
//! ```text
//! cargo bench --features tokio --bench async [rounds]
//! ```

#![allow(clippy::unwrap_used, clippy::panic, reason = "a program that may stop")]

use std::{
    env,
    hint::black_box,
    thread,
    time::{Duration, Instant},
};

use libzmq::prelude::*;
use tokio::runtime::Runtime;

const SIZE: usize = 64;

fn main() {
    let rounds = env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(21);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    println!("| transport | sockets | work | async | blocking | async / blocking |");
    println!("|:---|:---|:---|---:|---:|---:|");
    for transport in ["inproc", "tcp"] {
        for sockets in [Sockets::ClientServer, Sockets::PushPull] {
            throughput(&runtime, transport, sockets, rounds);
        }
        round_trip(&runtime, transport, rounds);
    }
}

#[derive(Clone, Copy)]
enum Sockets {
    ClientServer,
    PushPull,
}

fn endpoint(transport: &str) -> &'static str {
    if transport == "tcp" { "tcp://127.0.0.1:*" } else { "inproc://bench" }
}

fn throughput(runtime: &Runtime, transport: &str, sockets: Sockets, rounds: usize) {
    const COUNT: usize = 200_000;

    let (name, compared) = match sockets {
        Sockets::ClientServer => (
            "Client-Server",
            compare(rounds, |asynchronous| clients(runtime, asynchronous, transport, COUNT)),
        ),
        Sockets::PushPull => (
            "Push-Pull",
            compare(rounds, |asynchronous| pushes(runtime, asynchronous, transport, COUNT)),
        ),
    };
    let rate = |time: f64| format!("{:.2} M/s", COUNT as f64 / time / 1e6);
    let Compared { ours, theirs, ratio } = compared;
    println!(
        "| {transport} | {name} | throughput | {} | {} | {:.2} |",
        rate(ours),
        rate(theirs),
        1.0 / ratio
    );
}

fn round_trip(runtime: &Runtime, transport: &str, rounds: usize) {
    const COUNT: usize = 2_000;

    let Compared { ours, theirs, ratio } =
        compare(rounds, |asynchronous| questions(runtime, asynchronous, transport, COUNT));
    let each = |time: f64| format!("{:.1} us", time / COUNT as f64 * 1e6);
    println!(
        "| {transport} | Client-Server | round trip | {} | {} | {ratio:.2} |",
        each(ours),
        each(theirs)
    );
}

struct Compared {
    ours: f64,
    theirs: f64,
    ratio: f64,
}

/// Runs both ways, which take turns in being first.
fn compare(rounds: usize, run: impl Fn(bool) -> Duration) -> Compared {
    let (_, _) = (run(true), run(false));
    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        let first_is_async = round % 2 == 0;
        let first = run(first_is_async).as_secs_f64();
        let second = run(!first_is_async).as_secs_f64();
        let (asynchronous, blocking) =
            if first_is_async { (first, second) } else { (second, first) };
        ours.push(asynchronous);
        theirs.push(blocking);
        ratios.push(asynchronous / blocking);
    }
    Compared { ours: median(&mut ours), theirs: median(&mut theirs), ratio: median(&mut ratios) }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A client that sends from a thread, and a server that receives.
fn clients(runtime: &Runtime, asynchronous: bool, transport: &str, count: usize) -> Duration {
    let ctx = Ctx::new();
    let server = ServerBuilder::new().bind(endpoint(transport)).with_ctx(ctx.handle()).unwrap();
    let client = ClientBuilder::new()
        .connect(server.last_endpoint().unwrap())
        .with_ctx(ctx.handle())
        .unwrap();
    client.send("ready").unwrap();
    server.recv_msg().unwrap();
    receive(runtime, asynchronous, client, server, count)
}

fn pushes(runtime: &Runtime, asynchronous: bool, transport: &str, count: usize) -> Duration {
    let ctx = Ctx::new();
    let pull = PullBuilder::new().bind(endpoint(transport)).with_ctx(ctx.handle()).unwrap();
    let push =
        PushBuilder::new().connect(pull.last_endpoint().unwrap()).with_ctx(ctx.handle()).unwrap();
    push.send("ready").unwrap();
    pull.recv_msg().unwrap();
    receive(runtime, asynchronous, push, pull, count)
}

fn receive<S, R>(
    runtime: &Runtime,
    asynchronous: bool,
    sender: S,
    receiver: R,
    count: usize,
) -> Duration
where
    S: SendMsg + Send + 'static,
    R: RecvMsg + Send + 'static,
{
    let send = move || {
        for _ in 0..count {
            sender.send(Msg::from(&[0; SIZE][..])).unwrap();
        }
        sender
    };
    let start;
    if asynchronous {
        let task = runtime.spawn(async move {
            let receiver = Async::new(receiver).unwrap();
            for _ in 0..count {
                black_box(receiver.recv_msg().await.unwrap());
            }
        });
        start = Instant::now();
        let sender = thread::spawn(send);
        runtime.block_on(task).unwrap();
        let elapsed = start.elapsed();
        drop(sender.join().unwrap());
        elapsed
    } else {
        let receives = thread::spawn(move || {
            for _ in 0..count {
                black_box(receiver.recv_msg().unwrap());
            }
        });
        start = Instant::now();
        let sender = thread::spawn(send);
        receives.join().unwrap();
        let elapsed = start.elapsed();
        drop(sender.join().unwrap());
        elapsed
    }
}

/// A client that asks and waits for each answer, and a server that gives them.
fn questions(runtime: &Runtime, asynchronous: bool, transport: &str, count: usize) -> Duration {
    let ctx = Ctx::new();
    let server = ServerBuilder::new().bind(endpoint(transport)).with_ctx(ctx.handle()).unwrap();
    let client = ClientBuilder::new()
        .connect(server.last_endpoint().unwrap())
        .with_ctx(ctx.handle())
        .unwrap();
    client.send("ready").unwrap();
    let id = server.recv_msg().unwrap().routing_id().unwrap();
    let question = || Msg::from(&[0; SIZE][..]);
    if asynchronous {
        runtime.block_on(async move {
            let answers = tokio::spawn(async move {
                let server = Async::new(server).unwrap();
                for _ in 0..count {
                    let msg = server.recv_msg().await.unwrap();
                    server.route(msg, id).await.unwrap();
                }
            });
            let asks = tokio::spawn(async move {
                let client = Async::new(client).unwrap();
                let start = Instant::now();
                for _ in 0..count {
                    client.send(question()).await.unwrap();
                    black_box(client.recv_msg().await.unwrap());
                }
                start.elapsed()
            });
            let elapsed = asks.await.unwrap();
            answers.await.unwrap();
            elapsed
        })
    } else {
        let answers = thread::spawn(move || {
            for _ in 0..count {
                let msg = server.recv_msg().unwrap();
                server.route(msg, id).unwrap();
            }
        });
        let start = Instant::now();
        for _ in 0..count {
            client.send(question()).unwrap();
            black_box(client.recv_msg().unwrap());
        }
        let elapsed = start.elapsed();
        answers.join().unwrap();
        elapsed
    }
}
