//! Measures the managed server.
//!
//! - `service throughput [seconds]` prints requests a second of a service's handler and of its
//!   events, beside the bare loop over `Async<Server>`, in one run.
//! - `service idle [clients]` prints the memory that each idle client takes, and the processor time
//!   of a service that does nothing, beside those of a bare `Async<Server>`. Linux only.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a program that may stop")]

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use contestant::processor_time;
use libzmq::{prelude::*, service::*};
use tokio::runtime::{Builder, Runtime};

const CLIENTS: usize = 8;
/// How many requests of each client are under way.
const WINDOW: usize = 128;
const ROUNDS: usize = 7;

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["throughput", ref rest @ ..] => {
            throughput(Duration::from_secs_f64(rest.first().map_or(Ok(1.0), |of| of.parse())?))
        }
        ["idle", ref rest @ ..] => idle(rest.first().map_or(Ok(10_000), |of| of.parse())?),
        ["clients", endpoint, count] => clients(endpoint, count.parse()?),
        _ => bail!("usage: service throughput [seconds] | idle [clients]"),
    }
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// The ways to serve that are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Bare,
    Handler,
    Events,
}

fn throughput(time: Duration) -> Result<()> {
    for size in [16, 1024] {
        let mut rates = [(Way::Bare, vec![]), (Way::Handler, vec![]), (Way::Events, vec![])];
        for _ in 0..ROUNDS {
            for (way, rates) in &mut rates {
                rates.push(rate(*way, size, time)?);
            }
        }
        let median = |rates: &mut Vec<f64>| {
            rates.sort_by(f64::total_cmp);
            rates[rates.len() / 2]
        };
        let bare = median(&mut rates[0].1);
        for (way, rates) in &mut rates {
            let rate = median(rates);
            println!("{size:>5} B  {way:>8?}  {rate:>9.0} requests/s  {:.2} of bare", rate / bare);
        }
    }
    Ok(())
}

/// Requests a second.
fn rate(way: Way, size: usize, time: Duration) -> Result<f64> {
    let runtime = runtime();
    let ctx = Ctx::new();
    let _guard = runtime.enter();
    let (endpoint, handle, serving) = match way {
        Way::Bare => {
            let (server, endpoint) =
                ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx_bound(ctx.handle())?;
            let server = Async::new(server)?;
            let serving = runtime.spawn(async move {
                while let Ok(request) = server.recv_msg().await {
                    let id = request.routing_id().unwrap();
                    let _ = server.route(request, id).await;
                }
            });
            (endpoint, None, serving)
        }
        _ => {
            let service = Service::builder().bind("tcp://127.0.0.1:*").ctx(&ctx).build()?;
            let (endpoint, handle) = (service.endpoints()[0].clone(), service.handle());
            let serving = if way == Way::Handler {
                let served = service.serve(|request| async move { request.into_body() });
                runtime.spawn(async move { drop(served.await) })
            } else {
                let handle = handle.clone();
                runtime.spawn(async move {
                    let running = tokio::spawn(service.run());
                    let mut events = handle.events();
                    while let Some(event) = events.recv().await {
                        if let Event::Message(message) = event {
                            let _ = handle.send(*message.client(), message.into_body()).await;
                        }
                    }
                    let _ = running.await;
                })
            };
            (endpoint, Some(handle), serving)
        }
    };
    let (count, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let rate = thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| ask(&endpoint, size, &count, &stop));
        }
        thread::sleep(time / 4);
        let (start, before) = (Instant::now(), count.load(Ordering::Relaxed));
        thread::sleep(time);
        let done = count.load(Ordering::Relaxed) - before;
        let rate = done as f64 / start.elapsed().as_secs_f64();
        stop.store(true, Ordering::Relaxed);
        rate
    });
    if let Some(handle) = handle {
        handle.blocking().stop(Duration::from_secs(5));
    } else {
        ctx.shutdown();
    }
    runtime.block_on(serving)?;
    Ok(rate)
}

/// A thread with some of the clients.
fn ask(endpoint: &libzmq::addr::Endpoint, size: usize, count: &AtomicU64, stop: &AtomicBool) {
    let ctx = Ctx::new();
    let clients: Vec<Client> = (0..CLIENTS / 2)
        .map(|_| ClientBuilder::new().connect(endpoint).with_ctx(ctx.handle()).unwrap())
        .collect();
    for client in &clients {
        for _ in 0..WINDOW {
            client.send(vec![7; size]).unwrap();
        }
    }
    while !stop.load(Ordering::Relaxed) {
        for client in &clients {
            let Ok(Some(first)) = client.recv_msg_timeout(Duration::from_millis(50)) else {
                continue;
            };
            let mut replies = vec![first];
            while replies.len() < WINDOW {
                let Ok(reply) = client.try_recv_msg() else { break };
                replies.push(reply);
            }
            count.fetch_add(replies.len() as u64, Ordering::Relaxed);
            for reply in replies {
                client.send(reply).unwrap();
            }
        }
    }
    ctx.shutdown();
}

/// Bytes of memory that this process has.
fn resident() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

/// The processor time of this process.
/// Starts processes with so many clients that have said something and say nothing any more.
fn start_clients(endpoint: &str, count: usize) -> Vec<Child> {
    const EACH: usize = 2000;

    let program = env::current_exe().unwrap();
    let mut children = Vec::new();
    let mut left = count;
    while left > 0 {
        let part = left.min(EACH);
        left -= part;
        let child = Command::new(&program)
            .args(["clients", endpoint, &part.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        children.push(child.unwrap());
    }
    for child in &mut children {
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "ready");
    }
    children
}

fn clients(endpoint: &str, count: usize) -> Result<()> {
    let ctx = CtxBuilder::new().max_sockets(count as i32 + 10).build()?;
    let clients: Vec<Client> = (0..count)
        .map(|_| ClientBuilder::new().connect(endpoint).with_ctx(ctx.handle()))
        .collect::<Result<_, _>>()?;
    for client in &clients {
        client.send("hello")?;
        assert_eq!(client.recv_msg()?, "hello");
    }
    println!("ready");
    std::io::stdout().flush()?;
    // Until the other process closes it.
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}

fn idle(count: usize) -> Result<()> {
    const SECONDS: u64 = 10;

    for way in [Way::Bare, Way::Handler] {
        let runtime = runtime();
        let ctx = Ctx::new();
        let _guard = runtime.enter();
        let known = Arc::new(AtomicU64::new(0));
        let mut stops = None;
        let endpoint = if way == Way::Bare {
            let (server, endpoint) = ServerBuilder::new()
                .bind("tcp://127.0.0.1:*")
                .backlog(4096)
                .with_ctx_bound(ctx.handle())?;
            let (server, known) = (Async::new(server)?, known.clone());
            runtime.spawn(async move {
                while let Ok(request) = server.recv_msg().await {
                    known.fetch_add(1, Ordering::Relaxed);
                    let id = request.routing_id().unwrap();
                    let _ = server.route(request, id).await;
                }
            });
            endpoint
        } else {
            let service = Service::builder()
                .bind("tcp://127.0.0.1:*")
                .ctx(&ctx)
                .socket(|socket| socket.backlog(4096))
                .idle(Duration::from_secs(3600))
                .build()?;
            let endpoint = service.endpoints()[0].clone();
            stops = Some(service.handle());
            let known = known.clone();
            runtime.spawn(service.serve(move |request| {
                known.fetch_add(1, Ordering::Relaxed);
                async move { request.into_body() }
            }));
            endpoint
        };
        thread::sleep(Duration::from_millis(200));
        let before = resident();
        let mut children = start_clients(&endpoint.to_string(), count);
        let memory = resident().saturating_sub(before) as f64 / count as f64;
        assert_eq!(known.load(Ordering::Relaxed), count as u64);
        thread::sleep(Duration::from_secs(1));
        let start = processor_time()?;
        thread::sleep(Duration::from_secs(SECONDS));
        let busy = processor_time()? - start;
        println!(
            "{way:>8?}  {count} idle clients  {:.1} KiB each  {:.1} ms of processor time in \
             {SECONDS} s",
            memory / 1024.0,
            busy.as_secs_f64() * 1000.0
        );
        for child in &mut children {
            drop(child.stdin.take());
            let _ = child.wait();
        }
        if let Some(handle) = stops {
            handle.blocking().stop(Duration::from_secs(5));
        }
        ctx.shutdown();
    }
    Ok(())
}
