//! The authentication handler: which clients it accepts, over real connections.

use libzmq::{Error, addr, auth::*, prelude::*};

use crate::common::{
    Transport,
    site::{Site, user},
    until, watchdog,
};

#[test]
fn plain_server_without_a_zap_handler_or_registry_refuses_clients() {
    let _watchdog = watchdog();
    let site = Site::of(Mechanism::PlainServer);
    site.refuses(user("a", "b"));

    let _ = site.auth();
    site.refuses(user("a", "b"));
}

#[test]
fn plain_registry_accepts_only_registered_clients() {
    let _watchdog = watchdog();
    let site = Site::of(Mechanism::PlainServer);
    let auth = site.auth();
    auth.add_plain_registry([user("anna", "secret"), user("ben", "hidden")]).unwrap();

    assert_eq!(site.accepts(user("anna", "secret")).user_id(), Some("anna"));
    assert_eq!(site.accepts(user("ben", "hidden")).user_id(), Some("ben"));
    site.refuses(user("anna", "hidden"));
    site.refuses(user("anna", "secre"));
    site.refuses(user("carl", "secret"));
    site.refuses(Mechanism::Null);
}

#[cfg(zmq_has = "patches")]
#[test]
fn empty_plain_credentials_are_accepted_if_registered() {
    let _watchdog = watchdog();
    let site = Site::of(Mechanism::PlainServer);
    let auth = site.auth();
    auth.add_plain_registry([user("", "secret"), user("ben", "")]).unwrap();
    site.accepts(user("", "secret"));
    assert_eq!(site.accepts(user("ben", "")).user_id(), Some("ben"));
    site.refuses(user("", ""));
    site.refuses(user("ben", "secret"));

    auth.add_plain_registry([user("", "")]).unwrap();
    site.accepts(user("", ""));

    // An empty text replaces an earlier one.
    let client = Client::new().unwrap();
    client.set_mechanism(user("ben", "secret")).unwrap();
    client.set_mechanism(user("", "")).unwrap();
    assert_eq!(client.mechanism(), user("", "").into());
}

#[test]
fn plain_registry_changes_apply_to_new_connections_only() {
    let _watchdog = watchdog();
    let site = Site::of(Mechanism::PlainServer);
    let auth = site.auth();
    site.refuses(user("a", "1"));

    auth.add_plain_registry(user("a", "1")).unwrap();
    site.accepts(user("a", "1"));
    auth.add_plain_registry(user("a", "2")).unwrap();
    site.refuses(user("a", "1"));
    site.accepts(user("a", "2"));

    // A connection that exists stays.
    let client = site.client(user("a", "2"));
    crate::common::greet(&site.server, &client);
    auth.remove_plain_registry(["a", "nobody"]).unwrap();
    site.refuses(user("a", "2"));
    site.server.set_recv_timeout(Infinite).unwrap();
    crate::common::greet(&site.server, &client);

    auth.set_plain_registry([user("b", "3")]).unwrap();
    site.accepts(user("b", "3"));
}

#[test]
fn blacklist_and_whitelist_filter_addresses() {
    let _watchdog = watchdog();
    let site = Site::of(Mechanism::PlainServer);
    let (here, elsewhere) = ([127, 0, 0, 1], [10, 0, 0, 1]);
    let auth = site.auth();
    let a = user("a", "1");
    auth.add_plain_registry(&a).unwrap();

    auth.add_blacklist(std::net::IpAddr::from(here)).unwrap();
    site.refuses(&a);
    auth.remove_blacklist(std::net::Ipv4Addr::from(here).to_ipv6_mapped()).unwrap();
    site.accepts(&a);
    auth.set_blacklist([std::net::Ipv4Addr::from(elsewhere)]).unwrap();
    site.accepts(&a);

    auth.set_whitelist([std::net::Ipv4Addr::from(elsewhere)]).unwrap();
    site.refuses(&a);
    auth.add_whitelist([std::net::Ipv4Addr::from(here)]).unwrap();
    site.accepts(&a);
    auth.remove_whitelist([std::net::Ipv4Addr::from(elsewhere)]).unwrap();
    site.accepts(&a);
    // An address on both lists is refused.
    auth.add_blacklist([std::net::Ipv4Addr::from(here)]).unwrap();
    site.refuses(&a);
}

#[test]
fn null_mechanism_with_a_zap_domain_filters_addresses() {
    let _watchdog = watchdog();
    let site =
        Site::at(Transport::Tcp, ServerBuilder::new().option(opt::ZapDomain, "mine".to_owned()));
    let auth = site.auth();
    site.accepts(Mechanism::Null);
    auth.add_blacklist(std::net::Ipv4Addr::LOCALHOST).unwrap();
    site.refuses(Mechanism::Null);
}

#[cfg(unix)]
#[test]
fn address_filters_do_not_apply_over_ipc() {
    let _watchdog = watchdog();
    let site = Site::at(Transport::Ipc, ServerBuilder::new().mechanism(Mechanism::PlainServer));
    let auth = site.auth();
    auth.add_plain_registry(user("a", "1")).unwrap();
    auth.add_whitelist([std::net::Ipv4Addr::from([10, 0, 0, 1])]).unwrap();
    auth.add_blacklist([std::net::Ipv4Addr::LOCALHOST]).unwrap();
    site.accepts(user("a", "1"));
    site.refuses(user("a", "2"));
}

#[test]
fn auth_handler_outlives_its_auth_clients() {
    let _watchdog = watchdog();
    let site = Site::of(Mechanism::PlainServer);
    let _ = AuthBuilder::new().plain_registry(user("a", "1")).with_ctx(site.ctx.handle()).unwrap();
    site.accepts(user("a", "1"));

    // The next client talks to the same handler.
    site.auth().add_plain_registry(user("b", "2")).unwrap();
    site.accepts(user("a", "1"));
    site.accepts(user("b", "2"));
}

#[test]
fn auth_builder_replaces_only_the_lists_it_sets() {
    let _watchdog = watchdog();
    let site = Site::of(Mechanism::PlainServer);
    let auth = site.auth();
    auth.add_plain_registry(user("a", "1")).unwrap();
    AuthBuilder::new().blacklist(std::net::Ipv4Addr::LOCALHOST).apply(&auth).unwrap();
    site.refuses(user("a", "1"));
    let mut builder = AuthBuilder::new();
    builder.plain_registry([user("b", "2")]).set_blacklist(Some(Vec::<std::net::IpAddr>::new()));
    builder.apply(&auth).unwrap();
    site.refuses(user("a", "1"));
    site.accepts(user("b", "2"));
}

#[test]
fn registering_invalid_plain_credentials_is_invalid_input() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let auth = AuthClient::with_ctx(ctx.handle()).unwrap();
    let long = "x".repeat(256);
    for bad in [user(&long, "p"), user("u", &long), user("u\0v", "p")] {
        let mut error = auth
            .add_plain_registry([user("good", "p"), bad.clone(), user("late", "p")])
            .unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error}");
        assert_eq!(error.take(), Some(1));
        assert!(auth.set_plain_registry([&bad]).is_err());
        assert!(AuthBuilder::new().plain_registry(&bad).with_ctx(ctx.handle()).is_err());
        assert!(AuthBuilder::new().plain_registry(&bad).apply(&auth).is_err());
    }
}

#[test]
fn malformed_zap_requests_do_not_stop_the_auth_handler() {
    let _watchdog = watchdog();
    let site = Site::of(Mechanism::PlainServer);
    let auth = site.auth();
    auth.add_plain_registry(user("a", "1")).unwrap();

    let dealer =
        DealerBuilder::new().connect("inproc://zeromq.zap.01").with_ctx(site.ctx.handle()).unwrap();
    for parts in [
        &["x"][..],
        &[""],
        &["", ""],
        &["", "1.0"],
        &["", "2.0", "1", "", "", "", "NULL"],
        &["", "1.0", "1", "", "", ""],
    ] {
        dealer.send_multipart(parts.to_vec()).unwrap();
    }
    dealer.send_multipart(["", "1.0", "1", "global", "10.0.0.1", "", "GSSAPI", "x"]).unwrap();
    let reply = dealer.recv_multipart().unwrap();
    assert_eq!(reply[..4], ["", "1.0", "1", "400"]);
    dealer.send_multipart(["", "1.0", "2", "global", "10.0.0.1", "", "PLAIN", "a", "1"]).unwrap();
    assert_eq!(dealer.recv_multipart().unwrap(), ["", "1.0", "2", "200", "OK", "a", ""]);

    // Nor does a peer that sends requests and reads no reply.
    for _ in 0..5000 {
        dealer.send_multipart(["", "1.0", "3", "global", "10.0.0.1", "", "NULL"]).unwrap();
    }
    site.accepts(user("a", "1"));
}

#[test]
fn auth_client_beside_another_zap_handler_is_addr_in_use() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let theirs = RepBuilder::new().bind("inproc://zeromq.zap.01").with_ctx(ctx.handle()).unwrap();
    assert_eq!(AuthClient::with_ctx(ctx.handle()).unwrap_err().kind(), ErrorKind::AddrInUse);
    drop(theirs);
    crate::common::retry(|| AuthClient::with_ctx(ctx.handle()).ok());
}

#[test]
fn auth_handler_ends_with_its_context() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let auth = AuthClient::with_ctx(ctx.handle()).unwrap();
    auth.set_curve_auth(false).unwrap();
    drop(ctx);
    until(|| auth.set_curve_auth(true).is_err());
    assert_eq!(auth.set_curve_auth(true).unwrap_err().kind(), ErrorKind::InvalidCtx);
    assert_eq!(auth.add_plain_registry(user("a", "b")).unwrap_err().content(), Some(&0));

    // As long as a socket holds the context, too.
    let ctx = Ctx::new();
    let _client = Client::with_ctx(ctx.handle()).unwrap();
    let auth = AuthClient::with_ctx(ctx.handle()).unwrap();
    ctx.shutdown();
    until(|| auth.set_curve_auth(true).is_err());
    until(|| AuthClient::with_ctx(ctx.handle()).is_err());
    assert_eq!(AuthClient::with_ctx(ctx.handle()).unwrap_err().kind(), ErrorKind::InvalidCtx);
}

#[test]
fn terminate_succeeds_with_an_auth_handler() {
    let _watchdog = watchdog();
    let site = Site::of(Mechanism::PlainServer);
    let auth = site.auth();
    auth.add_plain_registry(user("a", "1")).unwrap();

    // Open sockets are an error that leaves the handler as it is.
    let Site { ctx, server } = site;
    let mut error = ctx.terminate().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    let site = Site { ctx: error.take().unwrap(), server };
    site.accepts(user("a", "1"));

    // What was sent last arrives.
    let sending = Ctx::new();
    let _ = AuthClient::with_ctx(sending.handle()).unwrap();
    let client = ClientBuilder::new()
        .connect(site.server.last_endpoint().unwrap())
        .mechanism(user("a", "1"))
        .with_ctx(sending.handle())
        .unwrap();
    for number in 0..200_u32 {
        client.send(number.to_le_bytes()).unwrap();
    }
    drop(client);
    sending.terminate().unwrap();
    for number in 0..200_u32 {
        assert_eq!(site.server.recv_msg().unwrap(), &number.to_le_bytes()[..]);
    }

    let Site { ctx, server } = site;
    drop(server);
    ctx.terminate().unwrap();
    assert_eq!(auth.set_curve_auth(true).unwrap_err().kind(), ErrorKind::InvalidCtx);
}

/// The watchdog checks that neither the drop nor a thread hangs.
#[test]
fn context_drop_ends_while_auth_handlers_start() {
    let _watchdog = watchdog();
    for _ in 0..50 {
        let ctx = Ctx::new();
        let handle = ctx.handle();
        let makers: Vec<_> = (0..3)
            .map(|_| {
                std::thread::spawn(move || {
                    while let Ok(auth) = AuthClient::with_ctx(handle) {
                        let _ = auth.set_curve_auth(true);
                    }
                })
            })
            .collect();
        drop(ctx);
        for maker in makers {
            maker.join().unwrap();
        }
    }
}

#[cfg(feature = "curve")]
mod curve {
    use super::*;

    fn site() -> (Site, CurveCert) {
        let cert = CurveCert::new_unique();
        (Site::of(CurveServerCreds::new(cert.secret())), cert)
    }

    #[test]
    fn curve_server_without_a_zap_handler_refuses_clients() {
        let _watchdog = watchdog();
        let (site, cert) = site();
        site.refuses(CurveClientCreds::new(cert.public()));
    }

    #[test]
    fn curve_registry_accepts_only_registered_keys() {
        let _watchdog = watchdog();
        let (site, cert) = site();
        let auth = site.auth();
        let [known, unknown] = [(); 2].map(|()| CurveCert::new_unique());
        auth.add_curve_registry(known.public()).unwrap();

        let creds = CurveClientCreds::new(cert.public());
        let msg = site.accepts(creds.clone().add_cert(&known));
        assert_eq!(msg.user_id(), Some(known.public().as_str()));
        site.refuses(creds.clone().add_cert(&unknown));
        site.refuses(&creds);

        auth.remove_curve_registry(known.public()).unwrap();
        site.refuses(creds.clone().add_cert(&known));
        auth.set_curve_registry([unknown.public()]).unwrap();
        site.accepts(creds.add_cert(&unknown));
    }

    #[test]
    fn no_curve_auth_accepts_any_client_key() {
        let _watchdog = watchdog();
        let (site, cert) = site();
        AuthBuilder::new().no_curve_auth().with_ctx(site.ctx.handle()).unwrap();
        let creds = CurveClientCreds::new(cert.public());
        site.accepts(&creds);
        // The client must still know the key of the server.
        site.refuses(CurveClientCreds::new(CurveCert::new_unique().public()));
        site.refuses(Mechanism::Null);
        site.auth().set_curve_auth(true).unwrap();
        site.refuses(&creds);
        site.auth().set_curve_auth(false).unwrap();
        site.auth().add_blacklist(std::net::Ipv4Addr::LOCALHOST).unwrap();
        site.refuses(&creds);
    }
}

#[cfg(feature = "serde")]
#[test]
fn auth_builder_round_trips_through_json() {
    use libzmq::config::AuthConfig;

    let mut builder = AuthBuilder::new();
    builder
        .blacklist([std::net::Ipv4Addr::LOCALHOST])
        .plain_registry(user("a", "hidden"))
        .no_curve_auth();
    let text = serde_json::to_string(&builder).unwrap();
    assert_eq!(serde_json::from_str::<AuthConfig>(&text).unwrap(), builder);
    assert_eq!(serde_json::from_str::<AuthConfig>("{}").unwrap(), AuthBuilder::new());
    assert!(!format!("{builder:?}").contains("hidden"));

    let error = serde_json::from_str::<AuthConfig>(r#"{ "black_list": [] }"#).unwrap_err();
    assert!(error.to_string().contains("black_list"), "{error}");
    let error = serde_json::from_str::<AuthConfig>(r#"{ "whitelist": ["10.0.0"] }"#).unwrap_err();
    assert!(error.to_string().contains("IP"), "{error}");
}

#[test]
fn malformed_key_converts_into_an_error_with_its_source() {
    use std::error::Error as _;

    let malformed = CurvePublicKey::new("short").unwrap_err();
    let error = Error::<()>::from(malformed);
    assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)));
    assert_eq!(error.source().unwrap().downcast_ref(), Some(&malformed));

    let error = Error::<()>::from("tcp://nowhere".parse::<addr::Endpoint>().unwrap_err());
    assert!(error.source().unwrap().is::<addr::AddrParseError>());
    assert!(Client::new().unwrap().bind("tcp://nowhere").unwrap_err().source().is_some());
}
