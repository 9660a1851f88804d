//! Programs written for `libzmq` 0.2 compile and run as they stand: the examples of its documentation, word for word.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[test]
#[rustfmt::skip]
fn server() -> Result<(), anyhow::Error> {
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
fn client() -> Result<(), anyhow::Error> {
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

/// A program that names what 0.2 exported, with the signatures that it had.
#[test]
fn names() -> Result<(), anyhow::Error> {
    use std::time::Duration;

    use libzmq::{
        Client, Ctx, CtxBuilder, Error, ErrorKind, Finite, Group, GroupSlice, Heartbeat, Infinite, InprocAddr, Msg, Period, Server,
        ServerBuilder,
        addr::{Endpoint, Hostname, Interface, IntoIpAddrs, Port, SocketAddr, SrcAddr},
        config::{ClientConfig, CtxConfig, ServerConfig},
        prelude::{BuildHeartbeating, BuildRecv, BuildSend, BuildSocket, *},
    };

    fn builds<B: BuildSocket + BuildSend + BuildRecv + BuildHeartbeating>(_: &B) {}
    fn named<T>() {}
    named::<(Hostname, Interface, Port, SocketAddr, SrcAddr, Group, &GroupSlice, CtxConfig, ClientConfig)>();
    assert!("::1".parse::<std::net::IpAddr>()?.into_ip_addrs().count() == 1);

    let ctx: Ctx = CtxBuilder::new().io_threads(1).max_sockets(100).build()?;
    let addr = InprocAddr::new_unique();

    let mut builder = ServerBuilder::new();
    builds(&builder);
    builder.bind(&addr).send_hwm(10).recv_hwm(10).recv_timeout(Duration::from_millis(1)).heartbeat(Heartbeat::new(Duration::from_secs(1)));
    let server: Server = builder.with_ctx(ctx.handle())?;
    assert_eq!(server.recv_hwm()?, 10);
    assert_eq!(server.recv_timeout()?, Finite(Duration::from_millis(1)));
    assert_eq!(server.heartbeat().map(|heartbeat| heartbeat.interval()), Some(Duration::from_secs(1)));

    let config: ServerConfig = ServerConfig::new();
    let other: Server = config.with_ctx(ctx.handle())?;
    other.set_recv_timeout(Infinite)?;
    assert_eq!(other.recv_timeout()?, Period::Infinite);

    let client: Client = Client::with_ctx(ctx.handle())?;
    let endpoint: Endpoint = addr.into();
    client.connect(&endpoint)?;
    let mut error: Error<Msg> = server.try_send("to nobody").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::HostUnreachable | ErrorKind::InvalidInput(_)));
    assert_eq!(error.take().unwrap().as_bytes(), b"to nobody");
    assert!(error.content().is_none());

    ctx.shutdown();
    assert_eq!(server.recv_msg().unwrap_err().kind(), ErrorKind::InvalidCtx);
    Ok(())
}
