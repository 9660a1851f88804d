//! A server that knows which clients are connected, and sends each of them the list whenever it
//! changes.
//!
//! The guide explains it in its chapter "Many peers".
//!
//! `cargo run --example presence`

use std::{collections::BTreeMap, thread};

use libzmq::prelude::*;

/// The message that the server receives when a client has disconnected. The clients never send it
/// themselves.
const GONE: &str = "\0gone";

fn main() -> Result<(), anyhow::Error> {
    let ctx = Ctx::new();
    let server = ServerBuilder::new()
        .bind("tcp://127.0.0.1:*")
        .disconnect_message(GONE)
        .with_ctx(ctx.handle())?;
    let endpoint = server.last_endpoint()?;
    let room = thread::spawn(move || keep_room(&server));

    let join = |name: &str| -> Result<Client, anyhow::Error> {
        let client = ClientBuilder::new().connect(&endpoint).with_ctx(ctx.handle())?;
        client.send(name)?;
        // The next client connects after the server has registered this one.
        println!("{name} reads: {}", client.recv_msg()?.to_str()?);
        Ok(client)
    };
    let ada = join("Ada")?;
    let bob = join("Bob")?;
    println!("Ada reads: {}", ada.recv_msg()?.to_str()?);

    drop(bob);
    println!("Ada reads: {}", ada.recv_msg()?.to_str()?);
    drop(ada);

    room.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the room panicked")))?;
    ctx.terminate()?;
    Ok(())
}

/// Sends the names of the connected clients to each of them when they change, until no client is
/// connected.
fn keep_room(server: &Server) -> Result<(), anyhow::Error> {
    let mut present = BTreeMap::new();
    loop {
        let msg = server.recv_msg()?;
        let Some(id) = msg.routing_id() else { continue };
        if msg == GONE {
            present.remove(&id);
        } else {
            present.insert(id, msg.to_str()?.to_owned());
        }
        if present.is_empty() {
            println!("the room is empty");
            return Ok(());
        }

        let names = present.values().cloned().collect::<Vec<_>>().join(", ");
        // A client may have disconnected. Then its `GONE` is the next message.
        for id in present.keys() {
            let _ = server.try_route(format!("here: {names}"), *id);
        }
    }
}
