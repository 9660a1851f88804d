//! A broker for services: clients ask for a service by name, workers come and go.
//!
//! The broker is a `Server` for the clients and another for the workers. A worker says which
//! service it offers, gets one request at a time, and sends heartbeats. The broker keeps a queue
//! for each service, gives requests to free workers only, and forgets workers that are silent. Look
//! at the worker that dies: its request is asked again and done by another.
//!
//! The guide explains it in its chapter "Reliable request-reply".
//!
//! `cargo run --example majordomo`

use std::{
    collections::{BTreeMap, VecDeque},
    thread,
    time::{Duration, Instant},
};

use libzmq::{addr::Endpoint, poll::*, prelude::*};

const BEAT: Duration = Duration::from_millis(50);
/// A peer that was silent for so long is taken for dead.
const SILENCE: Duration = Duration::from_millis(400);
const ATTEMPTS: usize = 10;

fn main() -> Result<(), anyhow::Error> {
    let (clients, clients_at) = ServerBuilder::new().bind("tcp://127.0.0.1:*").build_bound()?;
    let (workers, workers_at) = ServerBuilder::new().bind("tcp://127.0.0.1:*").build_bound()?;
    let stopper = clients.stopper()?;
    let broker = thread::spawn(move || Broker::new(clients, workers).run());

    let workers: Vec<_> = [("mortal", "upper"), ("steady", "upper"), ("turner", "reverse")]
        .map(|(name, service)| {
            let at = workers_at.clone();
            thread::spawn(move || work(name, service, &at))
        })
        .into();

    let client = ClientBuilder::new().linger(Duration::ZERO).connect(clients_at).build()?;
    for (number, word) in ["one", "two", "three", "four"].into_iter().enumerate() {
        for service in ["upper", "reverse"] {
            let reply = ask(&client, number, service, word)?;
            println!("client: {service} of {word} is {reply}");
        }
    }

    stopper.stop();
    broker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the broker panicked")))?;
    // The workers notice that the broker is silent.
    for worker in workers {
        worker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a worker panicked")))?;
    }
    Ok(())
}

/// A worker as the broker knows it.
struct Worker {
    service: String,
    heard: Instant,
    free: bool,
}

/// A request that waits for a worker.
struct Request {
    client: RoutingId,
    text: String,
}

struct Broker {
    clients: Server,
    workers: Server,
    known: BTreeMap<RoutingId, Worker>,
    waiting: BTreeMap<String, VecDeque<Request>>,
}

impl Broker {
    fn new(clients: Server, workers: Server) -> Self {
        Self { clients, workers, known: BTreeMap::new(), waiting: BTreeMap::new() }
    }

    fn run(mut self) -> Result<(), anyhow::Error> {
        let (clients, workers) = (self.clients.clone(), self.workers.clone());
        let stopper = clients.stopper()?;
        let mut poller = Poller::new();
        poller.add(&clients, PollId(0), READABLE)?;
        poller.add(&workers, PollId(1), READABLE)?;
        let mut next_beat = Instant::now() + BEAT;
        while !stopper.is_stopped() {
            let left = next_beat.saturating_duration_since(Instant::now());
            match poller.poll(&mut Events::new(), left) {
                Err(error) if !error.is_would_block() => return Err(error.into()),
                _ => (),
            }
            while let Ok(request) = clients.try_recv_msg() {
                self.accept(&request)?;
            }
            while let Ok(msg) = workers.try_recv_msg() {
                self.hear(&msg)?;
            }
            if next_beat <= Instant::now() {
                self.known.retain(|_, worker| worker.heard.elapsed() < SILENCE);
                for id in self.known.keys() {
                    // A worker that is gone is forgotten soon.
                    let _ = workers.try_route("beat", *id);
                }
                next_beat = Instant::now() + BEAT;
            }
            self.dispatch();
        }
        Ok(())
    }

    /// Queues a request, `<service> <text>`.
    fn accept(&mut self, request: &Msg) -> Result<(), anyhow::Error> {
        if let (Some(client), Some((service, text))) =
            (request.routing_id(), request.to_str()?.split_once(' '))
        {
            let request = Request { client, text: text.to_owned() };
            self.waiting.entry(service.to_owned()).or_default().push_back(request);
        }
        Ok(())
    }

    /// Reads `offer <service>`, `beat`, or `reply <client> <text>` of a worker.
    fn hear(&mut self, msg: &Msg) -> Result<(), anyhow::Error> {
        let Some(id) = msg.routing_id() else { return Ok(()) };
        let words: Vec<_> = msg.to_str()?.splitn(3, ' ').collect();
        match words[..] {
            ["offer", service] => {
                println!("broker: a worker offers {service}");
                let service = service.to_owned();
                self.known.insert(id, Worker { service, heard: Instant::now(), free: true });
            }
            ["reply", client, text] => {
                // A client that is gone needs no reply.
                let _ = self.clients.try_route(text, client.parse::<u32>()?.try_into()?);
                if let Some(worker) = self.known.get_mut(&id) {
                    worker.free = true;
                }
            }
            _ => (),
        }
        if let Some(worker) = self.known.get_mut(&id) {
            worker.heard = Instant::now();
        }
        Ok(())
    }

    /// Gives waiting requests to free workers of their service.
    fn dispatch(&mut self) {
        for (id, worker) in self.known.iter_mut().filter(|(_, worker)| worker.free) {
            let Some(queue) = self.waiting.get_mut(&worker.service) else { continue };
            let Some(Request { client, text }) = queue.pop_front() else { continue };
            worker.free = false;
            // If the worker has just gone, its client asks again.
            let _ = self.workers.try_route(format!("{client} {text}"), *id);
        }
    }
}

/// Does requests of a service until the broker is silent. The mortal one dies with its second.
fn work(name: &str, service: &str, broker: &Endpoint) -> Result<(), anyhow::Error> {
    // The end of the program does not wait for heartbeats to a broker that is gone.
    let socket = ClientBuilder::new().linger(BEAT).connect(broker).build()?;
    socket.send(format!("offer {service}"))?;
    let (mut requests, mut heard) = (0, Instant::now());
    while heard.elapsed() < SILENCE {
        let Some(msg) = socket.recv_msg_timeout(BEAT)? else {
            socket.send("beat")?;
            continue;
        };
        heard = Instant::now();
        let Some((client, request)) = msg.to_str()?.split_once(' ') else {
            socket.send("beat")?;
            continue;
        };
        requests += 1;
        if name == "mortal" && requests == 2 {
            println!("{name}: dies with the request {request}");
            return Ok(());
        }
        let Some((number, word)) = request.split_once(' ') else { continue };
        let done = match service {
            "upper" => word.to_uppercase(),
            _ => word.chars().rev().collect(),
        };
        socket.send(format!("reply {client} {number} {done} (by {name})"))?;
    }
    println!("{name}: the broker is silent");
    Ok(())
}

/// Asks until there is a reply.
fn ask(client: &Client, number: usize, service: &str, word: &str) -> Result<String, anyhow::Error> {
    let id = format!("{service}-{number}");
    for _ in 0..ATTEMPTS {
        client.send(format!("{service} {id} {word}"))?;
        let end = Instant::now() + SILENCE;
        let left = || end.saturating_duration_since(Instant::now());
        while let Some(reply) = client.recv_msg_timeout(left())? {
            match reply.to_str()?.split_once(' ') {
                Some((of, done)) if of == id => return Ok(done.to_owned()),
                // A late reply to an earlier attempt.
                _ => continue,
            }
        }
        println!("client: asks again for {service} of {word}");
    }
    anyhow::bail!("no worker for {service}")
}
