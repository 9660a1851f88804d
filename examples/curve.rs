//! Encryption and authentication with CURVE. The server accepts a client with a registered key, and
//! refuses one with another key. A client with a wrong public key of the server cannot connect.
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
    // Keys are 40 characters of text, so they can be in any file. Each peer keeps its secret key,
    // and has the public key of the other peer.
    let (server, client) = (CurveCert::new_unique(), CurveCert::new_unique());
    println!("the server's public key is {}", server.public());
    // Checks that two keys, such as those read from a file, belong together.
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
    // It has the public key of another server.
    let creds = CurveClientCreds::new(CurveCert::new_unique().public()).add_cert(&client);
    refused(ClientBuilder::new().mechanism(creds).build()?, &endpoint)
}

/// Connects a client whose handshake fails, and prints the event of its monitor.
fn refused(client: Client, endpoint: &libzmq::addr::Endpoint) -> Result<(), anyhow::Error> {
    let failures = EventSet::HANDSHAKE_FAILED
        | EventSet::HANDSHAKE_FAILED_AUTH
        | EventSet::HANDSHAKE_FAILED_PROTOCOL;
    let monitor = client.monitor(failures)?;
    client.connect(endpoint)?;
    println!("{}", monitor.recv()?);
    Ok(())
}
