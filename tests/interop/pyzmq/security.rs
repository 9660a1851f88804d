//! PLAIN and CURVE between pyzmq and us, with its certificates and its `Authenticator`, or with
//! ours.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{self, Command},
    time::{Duration, Instant},
};

use libzmq::{auth::*, prelude::*, *};

use super::{BOTH, FROM, folder};
use crate::common::{
    Transport, context,
    foreign::{PYTHON, Program},
    watchdog,
};

/// For each step.
const LIMIT: Duration = Duration::from_secs(20);
/// For peers that hang up.
const SHORT: Duration = Duration::from_millis(400);

fn run(packages: &Path, arguments: &[&str]) -> Program {
    let mut command = Command::new(PYTHON);
    command.arg(Path::new(FROM).join("security.py")).args(arguments);
    Program::start(command.env("PYTHONPATH", packages).env("PYTHONDONTWRITEBYTECODE", "1"))
}

/// A folder of certificates, which is deleted with this. pyzmq made those of the server and of the
/// client `theirs`, this crate that of the client `ours`. Nobody knows `stranger`.
struct Certificates(PathBuf);

impl Certificates {
    fn new(packages: &Path) -> Self {
        let path = std::env::temp_dir().join(format!("libzmq-pyzmq-{}", process::id()));
        let _ = fs::remove_dir_all(&path);
        let text = path.to_str().unwrap();
        let theirs = run(packages, &["certificates", text, "server", "theirs", "stranger"]);
        let done = theirs.line(Instant::now() + LIMIT);
        assert_eq!(done.as_deref(), Some("done"));
        fs::remove_file(path.join("public/stranger.key")).unwrap();
        let ours =
            CurveKeyFile::new(CurveCert::new_unique()).with_metadata("name", "ours").unwrap();
        ours.write(path.join("ours.key")).unwrap();
        ours.write(path.join("public/ours.key")).unwrap();
        Self(path)
    }

    fn text(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn read(&self, name: &str) -> CurveKeyFile {
        CurveKeyFile::read(self.0.join(format!("{name}.key_secret"))).unwrap()
    }

    fn creds(&self, client: &str, server: &str) -> Mechanism {
        CurveClientCreds::new(self.read(server).public())
            .add_cert(self.read(client).cert().unwrap())
            .into()
    }
}

impl Drop for Certificates {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn user(name: &str, password: &str) -> Mechanism {
    PlainClientCreds::new(name, password).into()
}

/// The handshake failed, without a status.
const FAILED: &str = "failed";
const MECHANISMS: [&str; 2] = ["plain", "curve"];

struct Site {
    packages: &'static Path,
    certificates: Certificates,
}

impl Site {
    /// A server of theirs, and clients of ours.
    fn they_bind<C: Socket>(&self, transport: Transport, theirs: &str, send: fn(&C)) {
        for mechanism in MECHANISMS {
            println!("they bind {theirs} with {mechanism} over {transport:?}");
            let deadline = Instant::now() + LIMIT;
            let folder = self.certificates.text();
            let server =
                run(self.packages, &["bind", theirs, &transport.anywhere(), mechanism, folder]);
            let endpoint = server.line(deadline).unwrap();
            let ctx = context();
            let client = |mechanism: &Mechanism| {
                Builder::<C>::new()
                    .mechanism(mechanism)
                    .linger(Duration::ZERO)
                    .with_ctx(ctx.handle())
                    .unwrap()
            };
            let (good, user_id, bad) = if mechanism == "plain" {
                let bad = vec![user("anna", "guess"), user("ben", "secret"), Mechanism::Null];
                (vec![user("anna", "secret")], "anna".to_owned(), bad)
            } else {
                let creds = |client, server| self.certificates.creds(client, server);
                let ours = self.certificates.read("ours");
                let mixed = CurveCert::new(
                    ours.public(),
                    self.certificates.read("theirs").secret().unwrap(),
                );
                let server = self.certificates.read("server");
                let bad = vec![
                    creds("stranger", "server"),
                    creds("ours", "stranger"),
                    CurveClientCreds::new(server.public()).add_cert(mixed).into(),
                    user("anna", "secret"),
                    Mechanism::Null,
                ];
                (vec![creds("ours", "server")], ours.public().to_string(), bad)
            };
            for bad in &bad {
                // Their handler takes its time, so this may be short for a word of it.
                let error = client(bad).connect_and_wait(endpoint.as_str(), SHORT).unwrap_err();
                let why = std::error::Error::source(&error).unwrap().downcast_ref();
                let pending = why == Some(&monitor::ConnectError::HandshakePending);
                let refused = matches!(error.kind(), ErrorKind::Refused(_));
                assert!(refused || pending, "{theirs} {bad:?}: {error}");
                if refused && mechanism == "plain" && matches!(bad, Mechanism::PlainClient(_)) {
                    assert_eq!(why, Some(&monitor::ConnectError::Refused(400)));
                }
                let refused = client(bad);
                refused.connect(endpoint.as_str()).unwrap();
                send(&refused);
            }
            for good in &good {
                let client = client(good);
                let done = client.connect_and_wait(endpoint.as_str(), LIMIT);
                done.unwrap_or_else(|error| {
                    panic!("{theirs} {mechanism}: {error}: {:?}", std::error::Error::source(&error))
                });
                send(&client);
                if matches!(theirs, "PULL" | "ROUTER" | "REP" | "DEALER") {
                    // The first that arrives.
                    let line = server.line(deadline).unwrap();
                    assert_eq!(line, format!("hello {user_id}"), "{theirs}");
                }
            }
        }
    }

    /// A server of ours, and clients of theirs.
    fn they_connect<S: Socket>(
        &self,
        transport: Transport,
        theirs: &str,
        receive: Option<fn(&S) -> Msg>,
    ) {
        for mechanism in MECHANISMS {
            println!("they connect {theirs} with {mechanism} over {transport:?}");
            let deadline = Instant::now() + LIMIT;
            let ctx = context();
            let auth = AuthClient::with_ctx(ctx.handle()).unwrap();
            let server = if mechanism == "plain" {
                auth.add_plain_registry(PlainClientCreds::new("anna", "secret")).unwrap();
                Mechanism::PlainServer
            } else {
                let report = auth.set_curve_folder(self.certificates.0.join("public")).unwrap();
                assert!(report.refused.is_empty(), "{report:?}");
                CurveServerCreds::new(self.certificates.read("server").secret().unwrap()).into()
            };
            let server = Builder::<S>::new()
                .mechanism(server)
                .bind(transport.anywhere())
                .with_ctx(ctx.handle())
                .unwrap();
            let endpoint = server.last_endpoint().unwrap().to_string();
            let cases = if mechanism == "plain" {
                [
                    // Other libzmqs do not know the ERROR command of PLAIN by its right name.
                    ("plain", "anna", "guess", FAILED),
                    ("plain", "ben", "secret", FAILED),
                    ("null", "", "", FAILED),
                    ("plain", "anna", "secret", "succeeded"),
                ]
            } else {
                [
                    ("curve", "stranger", "server", "refused 400"),
                    ("curve", "theirs", "stranger", FAILED),
                    ("plain", "anna", "secret", FAILED),
                    ("curve", "theirs", "server", "succeeded"),
                ]
            };
            // One after the other: a PAIR has one peer, also while that authenticates itself, and
            // what it has of others is lost.
            let mut last = None;
            for (mechanism, client, key, expected) in cases {
                drop(last.take());
                let folder = self.certificates.text();
                let client = run(
                    self.packages,
                    &["connect", theirs, &endpoint, mechanism, folder, client, key],
                );
                let line = client.line(deadline).unwrap();
                // Whether the peer hangs up or finds the fault itself is a race.
                let line = if ["hung up", "protocol"].contains(&&*line) { FAILED } else { &line };
                assert_eq!(line, expected, "{theirs}");
                last = Some(client);
            }
            let Some(receive) = receive else { continue };
            let msg = receive(&server);
            assert_eq!(msg, "hello");
            if mechanism == "plain" {
                assert_eq!(msg.user_id(), Some("anna"));
            } else {
                let theirs = self.certificates.read("theirs");
                assert_eq!(msg.user_id(), Some(theirs.public().as_str()));
            }
        }
    }
}

fn sends<C: SendMultipart>(socket: &C) {
    let _ = socket.try_send_multipart("hello");
}

fn receives<S: RecvMultipart>(socket: &S) -> Msg {
    socket.recv_multipart().unwrap().into_iter().next_back().unwrap()
}

#[test]
fn certificates_and_credentials_both_ways() {
    let Some(packages) = folder() else { return };
    let _watchdog = watchdog();
    let site = Site { packages, certificates: Certificates::new(packages) };
    let theirs = site.certificates.read("theirs");
    assert_eq!(theirs.metadata("X-Name"), Some("theirs"));
    assert_eq!(theirs.metadata("quote"), Some("it's"));

    for &transport in BOTH {
        site.they_bind::<Dealer>(transport, "ROUTER", sends);
        site.they_connect::<Router>(transport, "DEALER", Some(receives));
    }
    let tcp = Transport::Tcp;
    site.they_bind::<Push>(tcp, "PULL", sends);
    site.they_bind::<Req>(tcp, "REP", sends);
    site.they_bind::<Pair>(tcp, "PAIR", sends);
    site.they_bind::<Dealer>(tcp, "DEALER", sends);
    site.they_bind::<Pub>(tcp, "SUB", |_| ());
    site.they_bind::<Sub>(tcp, "PUB", |_| ());
    site.they_bind::<XPub>(tcp, "XSUB", |_| ());
    site.they_bind::<XSub>(tcp, "XPUB", |_| ());
    site.they_bind::<Pull>(tcp, "PUSH", |_| ());
    site.they_bind::<Rep>(tcp, "REQ", |_| ());
    site.they_connect::<Pull>(tcp, "PUSH", Some(receives));
    site.they_connect::<Rep>(tcp, "REQ", Some(receives));
    site.they_connect::<Pair>(tcp, "PAIR", None);
    site.they_connect::<Sub>(tcp, "PUB", None);
    site.they_connect::<Pub>(tcp, "SUB", None);
    site.they_connect::<XSub>(tcp, "XPUB", None);
    site.they_connect::<XPub>(tcp, "XSUB", None);
    site.they_connect::<Push>(tcp, "PULL", None);
    site.they_connect::<Req>(tcp, "REP", None);
    site.they_connect::<Dealer>(tcp, "ROUTER", None);
}
