//! A table of prices that a late client copies without missing or repeating an update.
//!
//! The publisher numbers its updates. A client subscribes first, then asks for a snapshot, which
//! has the number of the last update in it, then skips the updates that the snapshot already has.
//! Look at the numbers: the late client skips some, misses none, and ends with the publisher's
//! table.
//!
//! The guide explains it in its chapter "Reliable publish-subscribe".
//!
//! `cargo run --example snapshot`

use std::{
    collections::BTreeMap,
    thread,
    time::{Duration, Instant},
};

use libzmq::{addr::Endpoint, poll::*, prelude::*};

const METALS: [&str; 4] = ["copper", "gold", "silver", "tin"];
const UPDATES: u64 = 400;
const LIMIT: Duration = Duration::from_secs(20);

type Table = BTreeMap<String, u64>;

fn main() -> Result<(), anyhow::Error> {
    let (updates, updates_at) = XPubBuilder::new().bind("tcp://127.0.0.1:*").build_bound()?;
    let (snapshots, snapshots_at) = ServerBuilder::new().bind("tcp://127.0.0.1:*").build_bound()?;
    let publisher = thread::spawn(move || publish(&updates, &snapshots));

    let clients = ["early", "late"].map(|name| {
        let (updates, snapshots) = (updates_at.clone(), snapshots_at.clone());
        thread::spawn(move || {
            if name == "late" {
                thread::sleep(Duration::from_millis(100));
            }
            follow(name, &updates, &snapshots)
        })
    });

    let mut copies = Vec::new();
    for client in clients {
        copies.push(client.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a client panicked")))?);
    }
    let table = publisher.join().unwrap_or_else(|_| Err(anyhow::anyhow!("no publisher")))?;
    anyhow::ensure!(copies.iter().all(|copy| *copy == table), "a copy differs");
    println!("both copies equal the table of the publisher: {table:?}");
    Ok(())
}

/// Publishes numbered updates and replies with snapshots, in one thread, so that each snapshot has
/// exactly the updates up to its number.
fn publish(updates: &XPub, snapshots: &Server) -> Result<Table, anyhow::Error> {
    let mut table = Table::new();
    let mut number = 0;
    let mut followers = 0;
    let mut poller = Poller::new();
    poller.add(updates, PollId(0), READABLE)?;
    poller.add(snapshots, PollId(1), READABLE)?;
    let end = Instant::now() + LIMIT;

    // Both clients subscribe, and each asks for a snapshot and says goodbye.
    let mut gone = 0;
    while gone < 2 {
        anyhow::ensure!(Instant::now() < end, "the clients are silent");
        match poller.poll(&mut Events::new(), Duration::from_millis(1)) {
            Err(error) if !error.is_would_block() => return Err(error.into()),
            _ => (),
        }
        while updates.try_recv_subscription().is_ok() {
            followers += 1;
        }
        while let Ok(request) = snapshots.try_recv_msg() {
            if request == "goodbye" {
                gone += 1;
            } else if let Some(id) = request.routing_id() {
                snapshots.route(show(number, &table), id)?;
            }
        }
        if followers > 0 && number < UPDATES {
            number += 1;
            let metal = METALS[number as usize % METALS.len()];
            table.insert(metal.to_owned(), number * 10);
            updates.send(format!("{number} {metal} {}", number * 10))?;
        }
    }
    Ok(table)
}

/// Copies the table and follows its updates to the end.
fn follow(name: &str, updates: &Endpoint, snapshots: &Endpoint) -> Result<Table, anyhow::Error> {
    // First the subscription: from now on updates wait in the queue.
    let sub = SubBuilder::new().subscribe("").recv_timeout(LIMIT).connect(updates).build()?;
    let first = sub.recv_msg()?;

    // Then the snapshot.
    let client = ClientBuilder::new().recv_timeout(LIMIT).connect(snapshots).build()?;
    client.send("snapshot, please")?;
    let (mut last, mut table) = read(client.recv_msg()?.to_str()?)?;
    println!("{name}: a snapshot with the updates up to {last}");

    // Then the updates that the snapshot does not have yet.
    let mut skipped = 0;
    let mut update = first;
    loop {
        let (number, entry) = read(update.to_str()?)?;
        if number <= last {
            skipped += 1;
        } else {
            anyhow::ensure!(number == last + 1, "{name} missed an update after {last}");
            table.extend(entry);
            last = number;
        }
        if last == UPDATES {
            println!("{name}: skipped {skipped} updates and missed none");
            client.send("goodbye")?;
            return Ok(table);
        }
        update = sub.recv_msg()?;
    }
}

/// Writes a table as text: its number, then names and prices.
fn show(number: u64, table: &Table) -> String {
    table.iter().fold(number.to_string(), |text, (name, price)| format!("{text} {name} {price}"))
}

/// Reads what `show` wrote. An update is a table with one entry.
fn read(text: &str) -> Result<(u64, Table), anyhow::Error> {
    let mut words = text.split(' ');
    let number = words.next().unwrap_or_default().parse()?;
    let mut table = Table::new();
    while let (Some(name), Some(price)) = (words.next(), words.next()) {
        table.insert(name.to_owned(), price.parse()?);
    }
    Ok((number, table))
}
