//! What we tell libzmq about the system is what upstream's CMake would tell it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use libzmq_src::{Build, Target, source_tree};

/// Macros and their values.
type Macros = BTreeMap<String, String>;

/// Whose the macro is, if not both have it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Whose {
    Ours,
    Theirs,
    /// It depends on the machine.
    Either,
}
use Whose::{Either, Ours, Theirs};

/// Each difference, and its reason.
const DIFFERENCES: [(&str, Whose, &str); 9] = [
    (
        "ZMQ_USE_CV_IMPL_PTHREADS",
        Ours,
        "it needs one mutex less than the condition variable of C++11",
    ),
    ("ZMQ_USE_CV_IMPL_STL11", Theirs, "see ZMQ_USE_CV_IMPL_PTHREADS"),
    (
        "ZMQ_HAVE_SO_BINDTODEVICE",
        Ours,
        "CMake asks in strict C11, where glibc hides it; libzmq is C++, where it does not",
    ),
    ("ZMQ_HAVE_SO_PRIORITY", Ours, "as ZMQ_HAVE_SO_BINDTODEVICE"),
    ("ZMQ_HAVE_O_CLOEXEC", Either, "as ZMQ_HAVE_SO_BINDTODEVICE, but libzmq never reads it"),
    (
        "ZMQ_HAVE_TIPC",
        Either,
        "CMake opens a TIPC socket, and so asks whether the machine that compiles has it",
    ),
    ("ZMQ_CACHELINE_SIZE", Either, "CMake takes it from the machine that compiles"),
    (
        "ZMQ_STATIC",
        Ours,
        "CMake compiles the files once, for the shared library too; it matters on Windows only",
    ),
    ("_GNU_SOURCE", Either, "the C++ compiler defines it in any case"),
];

#[test]
fn platform_macros_are_those_of_cmake() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cmake");
    let theirs = theirs(&folder.join("theirs"));
    let ours = ours(&folder.join("ours"));
    assert!(theirs.len() > 30, "CMake's macros were not found: {theirs:?}");

    let mut wrong = Vec::new();
    for name in ours.keys().chain(theirs.keys()) {
        let found = match (ours.get(name), theirs.get(name)) {
            (Some(a), Some(b)) if a == b => None,
            (Some(_), Some(_)) => Some(Either),
            (ours, _) => Some(if ours.is_some() { Ours } else { Theirs }),
        };
        let expected =
            DIFFERENCES.iter().find(|(listed, ..)| listed == name).map(|(_, whose, _)| *whose);
        if found != expected && expected != Some(Either) {
            wrong.push(format!(
                "{name}: {found:?}, not {expected:?}: {:?}, {:?}",
                ours.get(name),
                theirs.get(name)
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_difference_from_cmake_has_a_reason() {
    assert!(DIFFERENCES.iter().all(|(.., reason)| !reason.is_empty()));
}

fn ours(folder: &Path) -> Macros {
    let target = Target {
        triple: host_triple(),
        os: env::consts::OS.to_owned(),
        env: if cfg!(target_env = "musl") { "musl" } else { "gnu" }.to_owned(),
        vendor: "unknown".to_owned(),
    };
    let build = Build::new(target, folder);
    let mut macros = defined_in(&build.platform_hpp().unwrap());
    macros.extend(
        build
            .definitions()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.unwrap_or("").to_owned())),
    );
    macros
}

fn theirs(folder: &Path) -> Macros {
    let options = [
        "-DCMAKE_BUILD_TYPE=Release",
        "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
        "-DENABLE_DRAFTS=ON",
        "-DENABLE_CURVE=OFF",
        "-DWITH_TLS=OFF",
        "-DWITH_LIBBSD=OFF",
        "-DWITH_DOCS=OFF",
        "-DZMQ_BUILD_TESTS=OFF",
        "-DBUILD_SHARED=OFF",
    ];
    // CMake would remember its answers of another time.
    fs::remove_dir_all(folder).ok();
    fs::create_dir_all(folder).unwrap();
    let output = Command::new("cmake")
        .arg("-S")
        .arg(source_tree().unwrap())
        .arg("-B")
        .arg(folder)
        .args(options)
        .output()
        .expect(
            "this test compares with upstream's CMake: install cmake (`apt-get install cmake`)",
        );
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let mut macros = defined_in(&fs::read_to_string(folder.join("platform.hpp")).unwrap());
    let commands = fs::read_to_string(folder.join("compile_commands.json")).unwrap();
    // One file of libzmq will do: all are compiled alike.
    let command = commands
        .lines()
        .find(|line| line.contains("\"command\"") && line.contains("zmq.cpp"))
        .unwrap();
    for definition in command.split_whitespace().filter_map(|word| word.strip_prefix("-D")) {
        let (name, value) = definition.split_once('=').unwrap_or((definition, ""));
        macros.insert(name.to_owned(), value.to_owned());
    }
    macros
}

/// The macros that a `platform.hpp` defines in any case: those that depend on what the compiler
/// predefines are indented.
fn defined_in(platform_hpp: &str) -> Macros {
    let definitions = platform_hpp.lines().filter_map(|line| line.strip_prefix("#define "));
    definitions
        .map(|definition| definition.split_once(' ').unwrap_or((definition, "")))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn host_triple() -> String {
    let output = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .arg("-vV")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}
