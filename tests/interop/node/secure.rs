//! PLAIN and CURVE between a `Client` or `Server` of the npm package `zeromq` and ours.

use std::time::{Duration, Instant};

use libzmq::{auth::*, prelude::*};

use super::program;
use crate::common::{Transport, context, watchdog};

/// For each step.
const LIMIT: Duration = Duration::from_secs(30);
/// For peers that hang up.
const SHORT: Duration = Duration::from_millis(400);

struct Keys {
    server: CurveCert,
    known: CurveCert,
    unknown: CurveCert,
}

fn plain(user: &str, password: &str) -> String {
    format!(r#"{{"user": "{user}", "password": "{password}"}}"#)
}

impl Keys {
    fn new() -> Self {
        let [server, known, unknown] = [(); 3].map(|()| CurveCert::new_unique());
        Self { server, known, unknown }
    }

    /// The credentials of a client in Node.
    fn of_client(&self, client: &CurveCert, server: &CurveCert) -> String {
        serde_json::json!({
            "server": server.public().as_str(),
            "public": client.public().as_str(),
            "secret": client.secret().as_str(),
        })
        .to_string()
    }

    /// The credentials of a server in Node, and those that it knows.
    fn of_server(&self) -> String {
        let known: String =
            self.known.public().to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        serde_json::json!({ "secret": self.server.secret().as_str(), "known": known }).to_string()
    }

    fn creds(&self, client: &CurveCert, server: &CurveCert) -> Mechanism {
        CurveClientCreds::new(server.public()).add_cert(client).into()
    }
}

fn user(name: &str, password: &str) -> Mechanism {
    PlainClientCreds::new(name, password).into()
}

/// Where both sides find it, whichever folder they run in.
fn place(transport: Transport) -> String {
    match transport {
        Transport::Ipc => transport.nowhere(),
        _ => transport.anywhere(),
    }
}

#[test]
fn node_clients_with_credentials() {
    let Some(folder) = program::folder() else { return };
    let _watchdog = watchdog();
    let keys = Keys::new();
    for &transport in Transport::BETWEEN_PROCESSES {
        for mechanism in ["plain", "curve"] {
            let ctx = context();
            let auth = AuthClient::with_ctx(ctx.handle()).unwrap();
            let (server, cases) = if mechanism == "plain" {
                auth.add_plain_registry(PlainClientCreds::new("anna", "secret")).unwrap();
                let cases = [
                    ("plain", plain("anna", "guess"), "failed"),
                    ("null", "{}".to_owned(), "failed"),
                    ("plain", plain("anna", "secret"), "succeeded"),
                ];
                (Mechanism::PlainServer, cases)
            } else {
                auth.add_curve_registry(keys.known.public()).unwrap();
                let cases = [
                    ("curve", keys.of_client(&keys.unknown, &keys.server), "failed 400"),
                    ("curve", keys.of_client(&keys.known, &keys.unknown), "failed"),
                    ("curve", keys.of_client(&keys.known, &keys.server), "succeeded"),
                ];
                (CurveServerCreds::new(keys.server.secret()).into(), cases)
            };
            let server = ServerBuilder::new()
                .mechanism(server)
                .bind(place(transport))
                .recv_timeout(LIMIT)
                .with_ctx(ctx.handle())
                .unwrap();
            let endpoint = server.last_endpoint().unwrap().to_string();
            for (mechanism, credentials, expected) in cases {
                println!("{mechanism} over {transport:?}: {expected}");
                let client = program::start(
                    folder,
                    &["secure.js", "connect", &endpoint, mechanism, &credentials],
                );
                let deadline = Instant::now() + LIMIT;
                assert_eq!(client.line(deadline).as_deref(), Some(expected));
                if expected == "succeeded" {
                    let msg = server.recv_msg().unwrap();
                    assert_eq!(msg, "hello");
                    assert!(msg.user_id().is_some());
                    server.route("welcome", msg.routing_id().unwrap()).unwrap();
                    assert_eq!(client.line(deadline).as_deref(), Some("welcome"));
                } else {
                    assert!(server.try_recv_msg().is_err());
                }
            }
        }
    }
}

#[test]
fn node_servers_with_credentials() {
    let Some(folder) = program::folder() else { return };
    let _watchdog = watchdog();
    let keys = Keys::new();
    for &transport in Transport::BETWEEN_PROCESSES {
        for mechanism in ["plain", "curve"] {
            println!("{mechanism} over {transport:?}");
            let endpoint = place(transport);
            let (credentials, good, bad) = if mechanism == "plain" {
                let bad = vec![user("anna", "guess"), Mechanism::Null];
                (plain("anna", "secret"), user("anna", "secret"), bad)
            } else {
                let bad = vec![
                    keys.creds(&keys.unknown, &keys.server),
                    keys.creds(&keys.known, &keys.unknown),
                    user("anna", "secret"),
                    Mechanism::Null,
                ];
                (keys.of_server(), keys.creds(&keys.known, &keys.server), bad)
            };
            let server =
                program::start(folder, &["secure.js", "bind", &endpoint, mechanism, &credentials]);
            let deadline = Instant::now() + LIMIT;
            let endpoint = server.line(deadline).unwrap();
            let ctx = context();
            let client = |mechanism: Mechanism| {
                ClientBuilder::new()
                    .mechanism(mechanism)
                    .linger(Duration::ZERO)
                    .recv_timeout(LIMIT)
                    .with_ctx(ctx.handle())
                    .unwrap()
            };
            for bad in bad {
                let client = client(bad);
                let error = client.connect_and_wait(endpoint.as_str(), SHORT).unwrap_err();
                assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{error}");
            }
            let client = client(good);
            client.connect_and_wait(endpoint.as_str(), LIMIT).unwrap();
            client.send("hello").unwrap();
            assert_eq!(server.line(deadline).as_deref(), Some("hello"));
            assert_eq!(client.recv_msg().unwrap(), "welcome");
        }
    }
}
