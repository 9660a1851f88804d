//! Programs in other languages, to talk to.

use std::{
    env, fs,
    io::{self, BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

/// What was installed for the programs. `None` if it could not be, which is said on the standard
/// error; with `CI` set that is a failure.
pub fn installed<T>(result: &Result<T, String>) -> Option<&T> {
    match result {
        Ok(installed) => Some(installed),
        Err(why) if env::var_os("CI").is_some() => panic!("{why}"),
        Err(why) => {
            // The test harness would hide what `eprintln!` writes.
            let _ = io::stderr().write_all(format!("skipped: {why}\n").as_bytes());
            None
        }
    }
}

/// The name of Python's command.
pub const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };

/// Installs what a `requirements.txt` lists into a folder, unless it is there and `module` loads.
pub fn pip_install(module: &str, requirements: &Path, folder: &Path) -> Result<(), String> {
    let noted = folder.join("installed.txt");
    let import = format!("import {module}");
    let loads = || run(Command::new(PYTHON).args(["-c", &import]).env("PYTHONPATH", folder));

    run(Command::new(PYTHON).arg("--version"))?;
    if fs::read(requirements).ok() != fs::read(&noted).ok() || loads().is_err() {
        let pip = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--upgrade",
            "--target",
        ];
        run(Command::new(PYTHON).args(pip).arg(folder).arg("--requirement").arg(requirements))?;
        loads()?;
        fs::copy(requirements, noted).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Result<(), String> {
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
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
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            // It ends when this is closed: with this process at the latest.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let output = child.stdout.take().unwrap();
        let (sender, lines) = channel();
        thread::spawn(move || {
            // Ends with the program.
            BufReader::new(output)
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        Self { child, lines }
    }

    /// The next line that it prints, or `None` at its end.
    pub fn line(&self, deadline: Instant) -> Option<String> {
        match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("the program says nothing any more"),
        }
    }

    /// The next line, unless the program prints none within that time.
    pub fn line_within(&self, time: Duration) -> Option<String> {
        self.lines.recv_timeout(time).ok()
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
