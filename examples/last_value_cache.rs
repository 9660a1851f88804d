//! A cache between a publisher and its subscribers. A subscriber that comes late receives the last
//! value of its topic at once, and a client that asks receives a snapshot of all topics.
//!
//! The guide explains it in its chapter "Reliable publish-subscribe".
//!
//! `cargo run --example last_value_cache`

use std::{collections::BTreeMap, thread};

use libzmq::{poll::*, prelude::*};

fn main() -> Result<(), anyhow::Error> {
    let cache = Cache::new()?;
    let (prices, snapshots) = (cache.prices.last_endpoint()?, cache.snapshots.last_endpoint()?);
    let publisher = PubBuilder::new().connect(cache.feed.last_endpoint()?).build()?;
    let stopper = cache.snapshots.stopper()?;
    let cache = thread::spawn(move || cache.run());

    // What is published before the cache has subscribed is lost, so the first values go out until
    // the cache has them.
    let asker = ClientBuilder::new().connect(snapshots).build()?;
    let snapshot = loop {
        for (metal, price) in [("gold", 4011), ("silver", 52), ("tin", 36)] {
            publisher.send_multipart([metal.to_owned(), price.to_string()])?;
        }
        asker.send("?")?;
        let snapshot = asker.recv_string()?;
        if snapshot.lines().count() == 3 {
            break snapshot;
        }
    };
    print!("a snapshot:\n{snapshot}");

    // A late subscriber has the last value at once, and then what comes.
    let gold = SubBuilder::new().connect(prices).subscribe("gold").build()?;
    println!("the late subscriber gets {}", gold.recv_multipart()?[1]);
    publisher.send_multipart(["gold", "4012"])?;
    while gold.recv_multipart()?[1] != "4012" {}
    println!("and then 4012");

    stopper.stop();
    cache.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the cache panicked")))?;
    Ok(())
}

struct Cache {
    feed: Sub,
    prices: XPub,
    snapshots: Server,
    values: BTreeMap<Vec<u8>, Multipart>,
}

impl Cache {
    fn new() -> Result<Self, libzmq::Error> {
        Ok(Self {
            feed: SubBuilder::new().bind("tcp://127.0.0.1:*").subscribe("").build()?,
            prices: XPubBuilder::new()
                .bind("tcp://127.0.0.1:*")
                .manual(true)
                .verbose(true)
                .build()?,
            snapshots: ServerBuilder::new().bind("tcp://127.0.0.1:*").build()?,
            values: BTreeMap::new(),
        })
    }

    fn run(mut self) -> Result<(), anyhow::Error> {
        loop {
            let mut poller = Poller::new();
            poller.add(&self.feed, PollId(0), READABLE)?;
            poller.add(&self.prices, PollId(1), READABLE)?;
            poller.add(&self.snapshots, PollId(2), READABLE)?;
            let mut events = Events::new();
            poller.poll(&mut events, Infinite)?;
            drop(poller);

            for event in &events {
                match event.id() {
                    PollId(0) => self.remember()?,
                    PollId(1) => self.welcome()?,
                    _ => match self.snapshots.recv_msg() {
                        Ok(request) => self.show(&request)?,
                        Err(error) if error.is_shutdown() => return Ok(()),
                        Err(error) => return Err(error.into()),
                    },
                }
            }
        }
    }

    /// Passes a value on to all, and keeps it.
    fn remember(&mut self) -> Result<(), anyhow::Error> {
        let parts = self.feed.recv_multipart()?;
        self.prices.send_multipart(&parts)?;
        self.values.insert(parts[0].to_vec(), parts);
        Ok(())
    }

    /// Gives a new subscriber, and no other, the last value.
    fn welcome(&self) -> Result<(), anyhow::Error> {
        if let Subscription::Subscribe(topic) = self.prices.recv_subscription()? {
            self.prices.subscribe(&topic)?;
            if let Some(parts) = self.values.get(topic.as_bytes()) {
                self.prices.send_to_new_subscriber(parts)?;
            }
        }
        Ok(())
    }

    /// Replies with all values.
    fn show(&self, request: &Msg) -> Result<(), anyhow::Error> {
        let all: String =
            self.values.values().map(|parts| format!("{} {}\n", parts[0], parts[1])).collect();
        match request.routing_id() {
            Some(id) => Ok(self.snapshots.route(all, id)?),
            None => Ok(()),
        }
    }
}
