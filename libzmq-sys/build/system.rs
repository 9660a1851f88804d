//! The system's libzmq, found by pkg-config.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use pkg_config::Library;

use crate::{CURVE, Libzmq, declared, environment};

/// What a libzmq may have that `zmq_has` knows of: our name, and its.
const CAPABILITIES: [(&str, &str); 8] = [
    ("curve", "curve"),
    ("ipc", "ipc"),
    ("norm", "norm"),
    ("pgm", "pgm"),
    ("tipc", "tipc"),
    ("vmci", "vmci"),
    ("ws", "WS"),
    ("wss", "WSS"),
];

pub(crate) fn find() -> Result<Libzmq, String> {
    let library = pkg_config::Config::new().cargo_metadata(false).probe("libzmq").map_err(|e| {
        format!(
            "the system's libzmq is wanted (by the feature `system` or LIBZMQ_NO_VENDOR), but pkg-config does not find \
             it. Install it with its draft API, or let PKG_CONFIG_PATH name the folder of its libzmq.pc.\n{e}"
        )
    })?;
    let program = link(&library)?;
    let include = include(&library);
    let version = declared::version(&include)?;

    // Again, now that it is fit: this time for Cargo.
    pkg_config::Config::new().probe("libzmq").map_err(|e| e.to_string())?;
    for folder in library.link_paths.iter().filter(|_| environment::rpath()) {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{}", folder.display());
        println!("cargo::metadata=rpath={}", folder.display());
    }
    warn_of_another(&program, &library);
    let lib = library.link_paths.first().cloned();
    let root = include.parent().map_or_else(|| include.clone(), Path::to_path_buf);
    let mut has = capabilities(&program, &library);
    // Its drafts are all there: the program has linked those that every libzmq has.
    has.extend(declared::later(&include));
    Ok(Libzmq { root, include, lib, version, has })
}

/// The folder of `zmq.h`. pkg-config does not name it if every compiler looks there.
fn include(library: &Library) -> PathBuf {
    let named = library.include_paths.iter().find(|folder| folder.join("zmq.h").is_file()).cloned();
    let of_package = || pkg_config::get_variable("libzmq", "includedir").ok().map(PathBuf::from);
    named.or_else(of_package).unwrap_or_else(|| PathBuf::from("/usr/include"))
}

/// Links a program that uses every function which this crate declares, and returns its path.
///
/// The headers of a libzmq declare the drafts whether or not the library has them; only linking
/// tells.
fn link(library: &Library) -> Result<PathBuf, String> {
    let out_dir = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let (source, program) = (out_dir.join("system.c"), out_dir.join("system"));
    fs::write(&source, program_text())
        .map_err(|e| format!("cannot write {}: {e}", source.display()))?;

    let compiler =
        cc::Build::new().warnings(false).try_get_compiler().map_err(|e| e.to_string())?;
    let mut command = compiler.to_command();
    command.arg(&source);
    if compiler.is_like_msvc() {
        command.arg(format!("/Fe{}", program.display())).arg("/link");
        command.args(library.link_paths.iter().map(|path| format!("/LIBPATH:{}", path.display())));
        command.args(library.libs.iter().map(|lib| format!("{lib}.lib")));
    } else {
        command.arg("-o").arg(&program);
        command.args(library.link_paths.iter().map(|path| format!("-L{}", path.display())));
        command.args(library.libs.iter().map(|lib| format!("-l{lib}")));
    }
    let output =
        command.output().map_err(|e| format!("cannot run {}: {e}", compiler.path().display()))?;
    if output.status.success() {
        return Ok(program);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let lacking = missing(&said);
    let what = if lacking.contains(&"zmq_poller_new") {
        "was built without its draft API, which this crate needs"
    } else {
        "is too old"
    };
    Err(if lacking.is_empty() {
        format!("the system's libzmq {} cannot be linked: {said}", library.version)
    } else {
        format!(
            "the system's libzmq {} {what}: it lacks {} ...\n\
             Either let this crate compile its own libzmq (turn off the feature `system`, unset LIBZMQ_NO_VENDOR),\n\
             or install libzmq {} or later with drafts (`cmake -DENABLE_DRAFTS=ON`, `./configure --enable-drafts`)\n\
             and let PKG_CONFIG_PATH name the folder of its libzmq.pc,\n\
             or let LIBZMQ_SOURCE_DIR name a libzmq source tree to build.",
            library.version,
            lacking[..lacking.len().min(3)].join(", "),
            libzmq_src::VERSION
        )
    })
}

/// The functions that a linker's complaint names.
fn missing(said: &str) -> Vec<&'static str> {
    // On some systems a symbol begins with an underscore that C does not see.
    let words: Vec<&str> = said
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .map(|word| word.trim_start_matches('_'))
        .collect();
    declared::functions().filter(|name| words.contains(name)).collect()
}

/// A C program that needs every function, and prints what the libzmq can do.
fn program_text() -> String {
    let mut text = String::from("#include <stdio.h>\nint zmq_has (const char *);\n");
    let functions = || declared::functions().filter(|name| *name != "zmq_has");
    for name in functions() {
        let _ = writeln!(text, "void {name} (void);");
    }
    text.push_str("void (*volatile all[]) (void) = {\n");
    for name in functions() {
        let _ = writeln!(text, "    {name},");
    }
    text.push_str("};\nint main (void)\n{\n");
    for (ours, theirs) in CAPABILITIES {
        let _ = writeln!(text, "    if (zmq_has (\"{theirs}\")) puts (\"{ours}\");");
    }
    text.push_str("    return 0;\n}\n");
    text
}

/// Warns if a program that is linked to this libzmq would load another one, or none.
fn warn_of_another(program: &Path, library: &Library) {
    let Some(folder) = library.link_paths.first().filter(|_| environment::is_native()) else {
        return;
    };
    // Every function is looked up at the start, so that one that is missing ends the program.
    let run = Command::new(program).env("LD_BIND_NOW", "1").stdout(Stdio::null()).output();
    if run.is_ok_and(|output| output.status.success()) {
        return;
    }
    println!(
        "cargo::warning=programs do not find the libzmq in {0} when they start. Build them with \
         RUSTFLAGS=\"-C link-arg=-Wl,-rpath,{0}\", or start them with LD_LIBRARY_PATH={0}",
        folder.display()
    );
}

/// What the libzmq can do, as it says itself if it can be run here, else as the features ask.
fn capabilities(program: &Path, library: &Library) -> Vec<String> {
    let mut has = vec!["draft".to_owned()];
    let said = environment::is_native().then(|| {
        let paths = env::join_paths(&library.link_paths).unwrap_or_default();
        let mut command = Command::new(program);
        command
            .env("LD_LIBRARY_PATH", &paths)
            .env("DYLD_LIBRARY_PATH", &paths)
            .stderr(Stdio::null());
        command.output().ok().filter(|output| output.status.success())
    });
    match said.flatten() {
        Some(output) => {
            has.extend(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned))
        }
        None => {
            has.extend(CURVE.then(|| "curve".to_owned()));
            has.extend(cfg!(feature = "wss").then(|| "wss".to_owned()));
        }
    }
    has
}
