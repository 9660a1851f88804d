//! A mesh of `Peer`s, each connected to all others, without a server.
//!
//! The guide explains it in its chapter "Many peers".
//!
//! `cargo run --example peer_mesh`

use std::{collections::BTreeSet, thread};

use libzmq::{Error, addr::Endpoint, prelude::*};

const NAMES: [&str; 4] = ["Ada", "Bob", "Cleo", "Dora"];

fn main() -> Result<(), anyhow::Error> {
    let mesh: Vec<(Peer, Endpoint)> = NAMES
        .iter()
        .map(|_| PeerBuilder::new().bind("tcp://127.0.0.1:*").build_bound())
        .collect::<Result<_, Error>>()?;

    thread::scope(|scope| {
        let peers: Vec<_> = NAMES
            .iter()
            .enumerate()
            .map(|(place, name)| {
                // The earlier peer of each pair connects.
                let others = mesh[place + 1..].iter().map(|(_, endpoint)| endpoint).collect();
                let peer = &mesh[place].0;
                scope.spawn(move || meet(name, peer, others))
            })
            .collect();
        peers.into_iter().try_for_each(|peer| {
            peer.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a peer panicked")))
        })
    })
}

/// Greets the peers that this one connects to, and replies to the greetings of the others.
fn meet(name: &str, peer: &Peer, others: Vec<&Endpoint>) -> Result<(), anyhow::Error> {
    for other in others {
        let id = peer.connect_peer(other)?;
        peer.route(format!("hello from {name}"), id)?;
    }
    let mut met = BTreeSet::new();
    while met.len() < NAMES.len() - 1 {
        let greeting = peer.recv_msg()?;
        let (word, other) = greeting.to_str()?.split_once(" from ").unwrap_or_default();
        if let ("hello", Some(id)) = (word, greeting.routing_id()) {
            peer.route(format!("welcome from {name}"), id)?;
        }
        met.insert(other.to_owned());
    }
    println!("{name} has met {}", met.into_iter().collect::<Vec<_>>().join(", "));
    Ok(())
}
