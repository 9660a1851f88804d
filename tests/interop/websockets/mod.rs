//! WebSocket peers without ZeroMQ: the package `websockets` of Python, and a browser. They speak
//! ZWS 2.0 without a mechanism.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use libzmq::{prelude::*, *};

use crate::common::{
    foreign::{PYTHON, Program, installed, pip_install, run},
    watchdog,
};

/// Before a watchdog barks, which names the test only.
const LIMIT: Duration = Duration::from_secs(50);
const FROM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/interop/websockets");
/// How many messages the Python program sends.
const COUNT: usize = 3;

/// The folder with the package, installed once.
fn folder() -> Option<&'static PathBuf> {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    installed(FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("websockets");
        pip_install("websockets", &Path::new(FROM).join("requirements.txt"), &folder)?;
        Ok(folder)
    }))
}

fn python(folder: &Path, arguments: &[&str]) -> Program {
    let mut command = Command::new(PYTHON);
    command.arg("peer.py").args(arguments).current_dir(FROM);
    Program::start(command.env("PYTHONPATH", folder).env("PYTHONDONTWRITEBYTECODE", "1"))
}

fn has_ws() -> bool {
    has(Capability::Ws)
}

#[test]
fn python_websockets_client_asks_a_rep() {
    is_asked(RepBuilder::new().bind("ws://127.0.0.1:*"));
}

#[cfg(feature = "wss")]
#[test]
fn python_websockets_client_asks_a_rep_over_tls() {
    is_asked(tls(&mut RepBuilder::new()).bind("wss://127.0.0.1:*"));
}

#[test]
fn python_websockets_client_is_refused_where_peers_are_authenticated() {
    refuses(RepBuilder::new().zap_domain("global").bind("ws://127.0.0.1:*"));
}

#[cfg(feature = "wss")]
#[test]
fn python_websockets_client_is_refused_over_tls_where_peers_are_authenticated() {
    refuses(tls(&mut RepBuilder::new()).zap_domain("global").bind("wss://127.0.0.1:*"));
}

/// The certificate is for tests only; its key is beside it.
#[cfg(feature = "wss")]
fn tls(rep: &mut Builder<Rep>) -> &mut Builder<Rep> {
    rep.wss_cert_pem(include_str!("cert.pem")).wss_key_pem(include_str!("key.pem"))
}

fn refuses(rep: &Builder<Rep>) {
    let (Some(folder), true) = (folder(), has_ws()) else { return };
    let _watchdog = watchdog();
    let rep = rep.build().unwrap();
    let client = python(folder, &["refused", &rep.last_endpoint().unwrap().to_string()]);
    assert_eq!(client.line(Instant::now() + LIMIT).as_deref(), Some("done"));
}

fn is_asked(rep: &Builder<Rep>) {
    let (Some(folder), true) = (folder(), has_ws()) else { return };
    let _watchdog = watchdog();
    let rep = rep.build().unwrap();
    let url = rep.last_endpoint().unwrap().to_string();
    let client = python(folder, &["ask", &url]);
    for _ in 0..COUNT {
        let message = rep.recv_multipart().unwrap();
        rep.send_multipart(message).unwrap();
    }
    assert_eq!(client.line(Instant::now() + LIMIT).as_deref(), Some("done"));
}

#[test]
fn python_websockets_server_answers_a_req_without_a_mechanism() {
    let (Some(folder), true) = (folder(), has_ws()) else { return };
    let _watchdog = watchdog();
    let server = python(folder, &["serve"]);
    let url = server.line(Instant::now() + LIMIT).unwrap();
    let req = ReqBuilder::new().ws_no_mechanism(true).connect(url.as_str()).build().unwrap();
    let bodies = [vec![], b"small".to_vec(), vec![7; 1_000_000]];
    assert_eq!(bodies.len(), COUNT);
    for body in bodies {
        req.send(body.clone()).unwrap();
        assert!(*req.recv_msg().unwrap() == *body);
    }
    assert_eq!(server.line(Instant::now() + LIMIT).as_deref(), Some("done"));
}

/// Where there is a Chromium; nothing here installs one.
#[test]
fn chromium_asks_a_rep_and_closes_cleanly() {
    let chromium = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| run(Command::new(name).arg("--version")).is_ok());
    let (Some(chromium), true) = (chromium, has_ws()) else {
        eprintln!("skipped: there is no Chromium");
        return;
    };
    let _watchdog = watchdog();
    let rep = RepBuilder::new().bind("ws://127.0.0.1:*").build().unwrap();
    let pull = PullBuilder::new().bind("ws://127.0.0.1:*").recv_timeout(LIMIT).build().unwrap();
    let (asked, told) = (rep.last_endpoint().unwrap(), pull.last_endpoint().unwrap());

    let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chromium");
    let _ = fs::remove_dir_all(&profile);
    let _browser = Program::start(
        Command::new(chromium)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"])
            .args(["--no-first-run", "--disable-background-networking", "--disable-sync"])
            .args(["--disable-component-update", "--remote-debugging-port=0"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(format!("file://{FROM}/page.html#{asked},{told}"))
            .stderr(Stdio::null()),
    );
    let question = rep.recv_multipart().unwrap();
    rep.send_multipart(question).unwrap();
    assert_eq!(pull.recv_msg().unwrap(), "same true, clean true, code 1000");
}
