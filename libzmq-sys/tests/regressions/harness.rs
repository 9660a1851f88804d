//! Runs each case in a child process: this test binary again, with the name of the case in a
//! variable. A crash or a hang then fails one test, and does not end the whole run.

use std::env;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Names the case in the environment of the child.
const CASE: &str = "LIBZMQ_REGRESSION_CASE";

/// How long a case may take. Each needs some seconds at most; the rest is for a busy machine.
const DEADLINE: Duration = Duration::from_secs(200);

/// Declares tests that run in a child process.
macro_rules! cases {
    ($($(#[$attribute:meta])* fn $name:ident() $body:block)*) => {
        $(
            #[test]
            $(#[$attribute])*
            fn $name() {
                let name = concat!(module_path!(), "::", stringify!($name));
                crate::harness::isolated(name, || $body);
            }
        )*
    };
}

pub(crate) fn isolated(path: &str, body: impl FnOnce()) {
    // The test runner leaves the name of the crate out.
    let name = path.split_once("::").map_or(path, |(_, name)| name);
    if env::var_os(CASE).is_some_and(|case| case == name) {
        return body();
    }
    let mut child = Command::new(env::current_exe().expect("the path of this binary"))
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(CASE, name)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this binary once more");
    let said = [collect(child.stdout.take()), collect(child.stderr.take())];
    let end = wait(&mut child);
    if end.as_deref() != Ok("exit status: 0") {
        let said = said.map(|thread| thread.join().unwrap_or_default()).concat();
        panic!("{}\n{said}", end.unwrap_or_else(|end| end));
    }
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut text);
        }
        String::from_utf8_lossy(&text).into_owned()
    })
}

/// Waits for the child, and returns how it ended, in words.
fn wait(child: &mut Child) -> Result<String, String> {
    let start = Instant::now();
    while start.elapsed() < DEADLINE {
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            return Ok(status.to_string().replace("exit code", "exit status"));
        }
        thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    let _ = child.wait();
    Err(format!("still running after {DEADLINE:?}"))
}
