//! The examples of the documentation of version 0.2, word for word.

#[test]
#[rustfmt::skip]
fn server_example_of_0_2_runs() -> Result<(), anyhow::Error> {
    use libzmq::{prelude::*, *};

    let addr: TcpAddr = "127.0.0.1:*".try_into()?;

    let server = ServerBuilder::new()
        .bind(addr)
        .build()?;

    let bound = server.last_endpoint()?;

    let client = ClientBuilder::new()
        .connect(bound)
        .build()?;

    // The client initiates the conversation so it is assigned a `routing_id`.
    client.send("request")?;
    let msg = server.recv_msg()?;
    assert_eq!("request", msg.to_str()?);
    let id = msg.routing_id().unwrap();

    // Using this `routing_id`, we can now route as many replies as we
    // want to the client.
    server.route("reply 1", id)?;
    server.route("reply 2", id)?;

    // The `routing_id` is discarted when the message is sent to the client.
    let mut msg = client.recv_msg()?;
    assert_eq!("reply 1", msg.to_str()?);
    assert!(msg.routing_id().is_none());
    client.recv(&mut msg)?;
    assert_eq!("reply 2", msg.to_str()?);
    assert!(msg.routing_id().is_none());

    Ok(())
}

#[test]
#[rustfmt::skip]
fn client_example_of_0_2_runs() -> Result<(), anyhow::Error> {
    use libzmq::{prelude::*, *};

    // Use a system assigned port.
    let addr: TcpAddr = "127.0.0.1:*".try_into()?;

    let server = ServerBuilder::new()
        .bind(addr)
        .build()?;

    // Retrieve the addr that was assigned.
    let bound = server.last_endpoint()?;

    let client = ClientBuilder::new()
        .connect(bound)
        .build()?;

    // Send a string request.
    client.send("tell me something")?;

    // Receive the client request.
    let msg = server.recv_msg()?;
    let id = msg.routing_id().unwrap();

    // Reply to the client.
    server.route("it takes 224 bits to store a i32 in java", id)?;

    // We send as much replies as we want.
    server.route("also don't talk to me", id)?;

    // Retreive the first reply.
    let mut msg = client.recv_msg()?;
    // And the second.
    client.recv(&mut msg)?;

    Ok(())
}
