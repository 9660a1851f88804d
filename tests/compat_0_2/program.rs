//! A program that uses what 0.2 exported.

#[test]
fn program_of_0_2_runs() -> Result<(), anyhow::Error> {
    use std::time::Duration;

    use libzmq::{
        Client, Ctx, CtxBuilder, Error, ErrorKind, Finite, Group, GroupSlice, Heartbeat, Infinite,
        InprocAddr, Msg, Period, Server, ServerBuilder,
        addr::{Endpoint, Hostname, Interface, IntoIpAddrs, Port, SocketAddr, SrcAddr},
        config::{ClientConfig, CtxConfig, ServerConfig},
        prelude::{BuildHeartbeating, BuildRecv, BuildSend, BuildSocket, *},
    };

    fn builds<B: BuildSocket + BuildSend + BuildRecv + BuildHeartbeating>(_: &B) {}
    fn named<T>() {}
    named::<(
        Hostname,
        Interface,
        Port,
        SocketAddr,
        SrcAddr,
        Group,
        &GroupSlice,
        CtxConfig,
        ClientConfig,
    )>();
    assert!("::1".parse::<std::net::IpAddr>()?.into_ip_addrs().count() == 1);

    let ctx: Ctx = CtxBuilder::new().io_threads(1).max_sockets(100).build()?;
    let addr = InprocAddr::new_unique();

    let mut builder = ServerBuilder::new();
    builds(&builder);
    builder
        .bind(&addr)
        .send_hwm(10)
        .recv_hwm(10)
        .recv_timeout(Duration::from_millis(1))
        .heartbeat(Heartbeat::new(Duration::from_secs(1)));
    let server: Server = builder.with_ctx(ctx.handle())?;
    assert_eq!(server.recv_hwm()?, 10);
    assert_eq!(server.recv_timeout()?, Finite(Duration::from_millis(1)));
    assert_eq!(
        server.heartbeat().map(|heartbeat| heartbeat.interval()),
        Some(Duration::from_secs(1))
    );

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
