//! A chat server. Clients join, chat and leave, and every client receives each message. The server
//! disconnects a client that does not read, so it does not delay the others.
//!
//! ```text
//! cargo run --features service --example chat_server
//! ```

use std::{collections::HashMap, time::Duration};

use libzmq::{prelude::*, service::*};

const SOON: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> Result<(), anyhow::Error> {
    let service = Service::builder()
        .bind("tcp://127.0.0.1:*")
        .heartbeat(Duration::from_secs(5))
        .outgoing(1000, Overflow::Part)
        .farewell("* goodbye")
        .build()?;
    let endpoint = service.endpoints()[0].clone();
    let handle = service.handle();
    let running = tokio::spawn(service.run());
    let chat = tokio::spawn(chat(handle.clone()));

    let alice = Person::enter(&endpoint, "Alice").await?;
    let bob = Person::enter(&endpoint, "Bob").await?;
    alice.hears("* Bob is here").await?;

    alice.socket.send("hello, Bob").await?;
    alice.hears("Alice: hello, Bob").await?;
    bob.hears("Alice: hello, Bob").await?;

    bob.socket.send("/quit").await?;
    bob.hears("* goodbye").await?;
    alice.hears("* Bob is gone").await?;

    let report = handle.stop(SOON).await;
    println!("{} clients came, {:?}", handle.stats().joined, report);
    chat.await?;
    running.await??;
    Ok(())
}

/// Handles the events of the service.
async fn chat(handle: ServiceHandle) {
    let mut names = HashMap::new();
    let mut events = handle.events();
    while let Some(event) = events.recv().await {
        match event {
            Event::Joined(client) => println!("from {:?}", client.peer_address()),
            Event::Message(message) => {
                let (client, text) = (*message.client(), String::from_utf8_lossy(message.body()));
                match names.get(&client) {
                    // A client's first message is its name.
                    None => {
                        handle.broadcast(format!("* {text} is here"));
                        names.insert(client, text.into_owned());
                    }
                    // The service first sends the client's queue, with the farewell at its end.
                    Some(_) if text == "/quit" => drop(handle.disconnect(client).await),
                    Some(name) => drop(handle.broadcast(format!("{name}: {text}"))),
                }
            }
            Event::Left { client, reason, .. } => {
                let Some(name) = names.remove(&client) else { continue };
                println!("{name} has left: {reason:?}");
                handle.broadcast(format!("* {name} is gone"));
            }
            _ => (),
        }
    }
}

/// A chat client with a name.
struct Person {
    socket: Async<Client>,
    name: &'static str,
}

impl Person {
    async fn enter(
        endpoint: &libzmq::addr::Endpoint,
        name: &'static str,
    ) -> Result<Self, anyhow::Error> {
        let socket = ClientBuilder::new().connect(endpoint).build()?;
        let person = Self { socket: Async::new(socket)?, name };
        person.socket.send(name).await?;
        person.hears(&format!("* {name} is here")).await?;
        Ok(person)
    }

    async fn hears(&self, text: &str) -> Result<(), anyhow::Error> {
        let heard = self.socket.recv_msg_timeout(SOON).await?;
        let heard = heard.ok_or_else(|| anyhow::anyhow!("{} heard nothing", self.name))?;
        println!("{} hears: {}", self.name, heard.to_str()?);
        anyhow::ensure!(heard == text, "{} has not heard {text}", self.name);
        Ok(())
    }
}
