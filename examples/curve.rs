//! Encryption and authentication with CURVE: who has a key that the server knows is let in, who
//! takes another server for it hears of that, and nothing goes over the wire in the clear.
//!
//! The guide explains it in its chapter "Security".
//!
//! `cargo run --features curve --example curve`

use libzmq::{
    auth::{AuthBuilder, CurveCert, CurveClientCreds, CurveServerCreds},
    monitor::EventSet,
    prelude::*,
};

fn main() -> Result<(), anyhow::Error> {
    // Keys are 40 characters of text, so they go into any file. Each side keeps its secret key to
    // itself, and knows the public key of the other.
    let (server, client) = (CurveCert::new_unique(), CurveCert::new_unique());
    println!("the server's public key is {}", server.public());
    // A pair that was read from a file is checked.
    let client = CurveCert::try_new(client.public(), client.secret())?;

    AuthBuilder::new().curve_registry([client.public()]).build()?;
    let (service, endpoint) = ServerBuilder::new()
        .mechanism(CurveServerCreds::new(server.secret()))
        .bind("tcp://127.0.0.1:*")
        .build_bound()?;

    let creds = CurveClientCreds::new(server.public()).add_cert(&client);
    let friend = ClientBuilder::new().mechanism(creds).connect(&endpoint).build()?;
    friend.send("a secret")?;
    let request = service.recv_msg()?;
    println!("{:?} says: {request}", request.user_id().unwrap_or_default());

    // Its key is not in the registry.
    let creds = CurveClientCreds::new(server.public()).add_cert(CurveCert::new_unique());
    refused(ClientBuilder::new().mechanism(creds).build()?, &endpoint)?;
    // It takes the server for another one.
    let creds = CurveClientCreds::new(CurveCert::new_unique().public()).add_cert(&client);
    refused(ClientBuilder::new().mechanism(creds).build()?, &endpoint)
}

/// Connects a client that is not let in, and prints what it hears.
fn refused(client: Client, endpoint: &libzmq::addr::Endpoint) -> Result<(), anyhow::Error> {
    let failures = EventSet::HANDSHAKE_FAILED
        | EventSet::HANDSHAKE_FAILED_AUTH
        | EventSet::HANDSHAKE_FAILED_PROTOCOL;
    let monitor = client.monitor(failures)?;
    client.connect(endpoint)?;
    println!("{}", monitor.recv()?);
    Ok(())
}
