//! A broker and workers that send each other heartbeats, so that each notices when the other dies.
//! A client repeats its request when its worker dies.
//!
//! The guide explains it in its chapter "Reliable request-reply".
//!
//! `cargo run --example paranoid_pirate`

use std::{
    collections::VecDeque,
    thread,
    time::{Duration, Instant},
};

use libzmq::{Error, addr::Endpoint, poll::*, prelude::*};

const BEAT: Duration = Duration::from_millis(50);
/// After so many missed heartbeats a peer counts as dead.
const MISSED: u32 = 5;

const READY: &str = "ready";
const ALIVE: &str = "alive";

fn main() -> Result<(), anyhow::Error> {
    let (frontend, front) = ServerBuilder::new().bind("tcp://127.0.0.1:*").build_bound()?;
    let (backend, back) = RouterBuilder::new().bind("tcp://127.0.0.1:*").build_bound()?;
    let stopper = frontend.stopper()?;
    let broker = thread::spawn(move || broke(&frontend, &backend));

    let workers: Vec<_> = ["mortal", "steady"]
        .map(|name| {
            let back = back.clone();
            thread::spawn(move || work(name, &back))
        })
        .into();

    let client = ClientBuilder::new().connect(front).build()?;
    for number in 0..10 {
        println!("{}", ask(&client, &format!("request {number}"))?);
    }

    stopper.stop();
    broker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the broker panicked")))?;
    // Without a broker the workers end, too.
    for worker in workers {
        worker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a worker panicked")))?;
    }
    Ok(())
}

/// A worker that waits for work, and when it was heard of last.
struct Idle {
    worker: Identity,
    heard: Instant,
}

fn broke(frontend: &Server, backend: &Router) -> Result<(), anyhow::Error> {
    let mut idle: VecDeque<Idle> = VecDeque::new();
    let mut next_beat = Instant::now() + BEAT;
    let mut poller = Poller::new();
    poller.add(frontend, PollId(0), EMPTY)?;
    poller.add(backend, PollId(1), READABLE)?;
    let stopper = frontend.stopper()?;

    while !stopper.is_stopped() {
        // Without a worker there is no use in requests.
        poller.modify(frontend, if idle.is_empty() { EMPTY } else { READABLE })?;
        match poller.poll(&mut Events::new(), next_beat.saturating_duration_since(Instant::now())) {
            Err(error) if !error.is_would_block() => return Err(error.into()),
            _ => (),
        }

        while let Ok((worker, parts)) = backend.try_recv_from() {
            // Its place is at the end of the queue, unless it only says that it is alive.
            let place = idle.iter().position(|idle| idle.worker == worker);
            match (&*parts, place) {
                ([alive], Some(place)) if *alive == ALIVE => idle[place].heard = Instant::now(),
                ([alive], None) if *alive == ALIVE => (),
                _ => {
                    if let [client, reply] = &*parts {
                        // A client that is gone needs no reply.
                        let _ =
                            frontend.try_route(reply, client.to_str()?.parse::<u32>()?.try_into()?);
                    }
                    idle.push_back(Idle { worker, heard: Instant::now() });
                }
            }
        }
        idle.retain(|idle| idle.heard.elapsed() < BEAT * MISSED);

        while let Some(Idle { worker, .. }) = idle.front() {
            let Ok(request) = frontend.try_recv_msg() else { break };
            if let Some(client) = request.routing_id() {
                backend.route([Msg::from(client.to_string()), request], worker)?;
            }
            idle.pop_front();
        }
        if next_beat <= Instant::now() {
            idle.iter().try_for_each(|idle| backend.route(ALIVE, &idle.worker))?;
            next_beat = Instant::now() + BEAT;
        }
    }
    Ok(())
}

/// Works until the broker is silent for too long. The mortal one dies with its second request.
fn work(name: &str, broker: &Endpoint) -> Result<(), anyhow::Error> {
    // The end of the program does not wait for heartbeats to a broker that has gone.
    let dealer =
        DealerBuilder::new().routing_identity(name).linger(BEAT).connect(broker).build()?;
    dealer.send(READY)?;
    let (mut requests, mut silent) = (0, 0);
    while silent < MISSED * 2 {
        match dealer.recv_multipart_timeout(BEAT)? {
            None => silent += 1,
            Some(parts) => {
                silent = 0;
                if let [client, request] = &*parts {
                    requests += 1;
                    if name == "mortal" && requests == 2 {
                        println!("the mortal worker dies with {request}");
                        return Ok(());
                    }
                    dealer.send_multipart([
                        client.to_string(),
                        format!("{request}: done by {name}"),
                    ])?;
                }
            }
        }
        dealer.send(ALIVE)?;
    }
    Ok(())
}

/// Asks until there is a reply.
fn ask(client: &Client, request: &str) -> Result<Msg, Error> {
    loop {
        client.send(request)?;
        let end = Instant::now() + BEAT * MISSED * 2;
        while let Some(reply) = client.recv_msg_timeout(end - Instant::now())? {
            // Another one is a late reply to an earlier attempt.
            if reply.starts_with(request.as_bytes()) {
                return Ok(reply);
            }
        }
        println!("no reply to {request}: it is sent again");
    }
}
