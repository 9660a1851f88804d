//! Node programs: where they are, and how they are run and ended.

use std::{
    env, fs,
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    thread,
    time::Instant,
};

/// The folder with the programs and the package that they use, installed once. `None` where there is no node, which is said on the
/// standard error; with `CI` set that is a failure.
pub fn folder() -> Option<&'static Path> {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    match FOLDER.get_or_init(install) {
        Ok(folder) => Some(folder),
        Err(why) if env::var_os("CI").is_some() => panic!("{why}"),
        Err(why) => {
            // The test harness would hide what `eprintln!` writes.
            let _ = io::stderr().write_all(format!("skipped without node: {why}\n").as_bytes());
            None
        }
    }
}

fn install() -> Result<PathBuf, String> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    for program in ["node", npm] {
        run(Command::new(program).arg("--version"))?;
    }

    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node");
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("node");
    let copied = |name: &str| fs::copy(from.join(name), to.join(name)).map_err(|error| format!("{name}: {error}"));

    fs::create_dir_all(&to).map_err(|error| error.to_string())?;
    let wanted = fs::read(from.join("package.json")).ok();
    let present = fs::read(to.join("package.json")).ok();
    for program in ["content.js", "client.js", "server.js", "groups.js", "package.json"] {
        copied(program)?;
    }
    let loads = || run(Command::new("node").args(["-e", "require('zeromq/draft')"]).current_dir(&to));
    if wanted != present || loads().is_err() {
        run(Command::new(npm).args(["install", "--no-audit", "--no-fund"]).current_dir(&to))?;
        loads()?;
    }
    Ok(to)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)))
}

/// A running program, which is killed when dropped.
pub struct Program {
    child: Child,
    lines: Receiver<String>,
}

impl Program {
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new("node")
            .arg("--no-warnings")
            .args(arguments)
            .current_dir(folder)
            // It ends when this is closed: with this process at the latest.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let output = child.stdout.take().expect("its output is a pipe");
        let (sender, lines) = channel();
        thread::spawn(move || {
            // Ends with the program.
            BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self { child, lines }
    }

    /// The next line that it prints, or `None` at its end.
    pub fn line(&self, deadline: Instant) -> Option<String> {
        match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("the node program says nothing any more"),
        }
    }

    /// The next line if it has been printed already.
    pub fn try_line(&self) -> Option<String> {
        self.lines.try_recv().ok()
    }

    /// Ends it as a crash does.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}
