//! Node programs: where they are, and how they are started.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use crate::common::foreign::{Program, installed, run};

/// The folder with the programs and the package that they use, installed once.
pub fn folder() -> Option<&'static PathBuf> {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    installed(FOLDER.get_or_init(install))
}

fn install() -> Result<PathBuf, String> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    for program in ["node", npm] {
        run(Command::new(program).arg("--version"))?;
    }

    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/node");
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("node");
    let copied = |name: &str| {
        fs::copy(from.join(name), to.join(name)).map_err(|error| format!("{name}: {error}"))
    };

    fs::create_dir_all(&to).map_err(|error| error.to_string())?;
    let wanted = fs::read(from.join("package.json")).ok();
    let present = fs::read(to.join("package.json")).ok();
    for program in [
        "content.js", "client.js", "server.js", "groups.js", "jszmq.js", "secure.js",
        "package.json",
    ] {
        copied(program)?;
    }
    let loads = || {
        run(Command::new("node")
            .args(["-e", "require('zeromq/draft'), require('jszmq')"])
            .current_dir(&to))
    };
    if wanted != present || loads().is_err() {
        run(Command::new(npm).args(["install", "--no-audit", "--no-fund"]).current_dir(&to))?;
        loads()?;
    }
    Ok(to)
}

/// Runs one of the programs.
pub fn start(folder: &Path, arguments: &[&str]) -> Program {
    Program::start(Command::new("node").arg("--no-warnings").args(arguments).current_dir(folder))
}
