//! The declarations are those of `zmq.h`, as a C compiler reads it.

use std::fmt::{Display, Write as _};
use std::mem::{align_of, offset_of, size_of};
use std::path::{Path, PathBuf};
use std::{env, fs};

use libzmq_sys as sys;

const STABLE: &str = include_str!("../src/bindings/stable.rs");
const DRAFT: &str = include_str!("../src/bindings/draft.rs");

/// What `zmq.h` defines without a value that a program could use.
const FLAGS: [&str; 3] = ["ZMQ_DEFINED_STDINT", "ZMQ_HAVE_POLLER", "ZMQ_HAVE_TIMERS"];

#[test]
fn every_constant_has_the_value_in_the_header() {
    let mut program = Program::new();
    let mut count = 0;
    for (name, value) in constants() {
        count += 1;
        match value.strip_prefix("c\"") {
            Some(text) => {
                program.line(format!("check (sizeof {name} == sizeof \"{text}, \"{name}\");"))
            }
            None => program.equal(name, value.replace('_', "")),
        }
    }
    assert!(count > 200, "only {count} constants were found");
    program.equal("ZMQ_VERSION", sys::ZMQ_VERSION);
    program.compile();
}

#[test]
fn every_constant_of_the_header_is_declared() {
    let header = fs::read_to_string(include().join("zmq.h")).unwrap();
    let names = header.lines().filter_map(|line| {
        let name = line.trim_start().strip_prefix("#define ")?.split_whitespace().next()?;
        // With a parenthesis it is a macro with arguments.
        (name.starts_with("ZMQ_")
            && name != "ZMQ_EXPORT"
            && !name.contains('(')
            && !FLAGS.contains(&name))
        .then_some(name)
    });
    let by_hand = ["ZMQ_HAUSNUMERO", "ZMQ_VERSION"];
    let declared: Vec<_> = constants().map(|(name, _)| name).chain(by_hand).collect();
    let missing: Vec<_> = names.filter(|name| !declared.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_function_of_the_header_is_declared() {
    let header = fs::read_to_string(include().join("zmq.h")).unwrap();
    // The text before an opening parenthesis that follows ZMQ_EXPORT ends with the name.
    let names = header.split("ZMQ_EXPORT ").skip(1).filter_map(|text| {
        let (before, _) = text.split_once('(')?;
        let name = before.trim_end().rsplit([' ', '*', '\n']).next()?;
        name.starts_with("zmq_").then_some(name)
    });
    let missing: Vec<_> = names
        .filter(|name| ![STABLE, DRAFT].concat().contains(&format!("pub fn {name}(")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_error_has_the_number_in_the_header() {
    let mut program = Program::new();
    macro_rules! errors {
        ($($name:ident)*) => { $(program.equal(stringify!($name), sys::$name);)* };
    }
    errors! {
        EFSM ENOCOMPATPROTO ETERM EMTHREAD ZMQ_HAUSNUMERO
        EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EAGAIN EBUSY ECANCELED ECONNABORTED
        ECONNREFUSED ECONNRESET EEXIST EFAULT EHOSTUNREACH EINPROGRESS EINTR EINVAL EMFILE EMSGSIZE
        ENETDOWN ENETRESET ENETUNREACH ENFILE ENOBUFS ENODEV ENOENT ENOMEM ENOTCONN ENOTSOCK ENOTSUP
        EPERM EPIPE EPROTO EPROTONOSUPPORT ETIMEDOUT
    }
    program.compile();
}

#[test]
fn every_type_has_the_layout_in_the_header() {
    let mut program = Program::new();
    macro_rules! layout {
        ($($type:ident { $($field:ident)* })*) => {
            $(
                program.equal(concat!("sizeof (", stringify!($type), ")"), size_of::<sys::$type>());
                let align = concat!("_Alignof (", stringify!($type), ")");
                program.equal(align, align_of::<sys::$type>());
                $(
                    let offset =
                        concat!("offsetof (", stringify!($type), ", ", stringify!($field), ")");
                    program.equal(offset, offset_of!(sys::$type, $field));
                )*
            )*
        };
    }
    layout! {
        zmq_msg_t {}
        zmq_fd_t {}
        zmq_pollitem_t { socket fd events revents }
        zmq_poller_event_t { socket fd user_data events }
    }
    #[cfg(not(windows))]
    layout! { sigset_t {} }
    program.compile();
    assert_eq!(size_of::<sys::zmq_msg_t>(), 64);
    assert_eq!(align_of::<sys::zmq_msg_t>(), align_of::<*const ()>());
}

#[test]
#[should_panic(expected = "differs")]
fn wrong_value_does_not_compile() {
    let mut program = Program::new();
    program.equal("ZMQ_PAIR", 1);
    program.compile();
}

/// The constants that bindgen made, and their values as text.
fn constants() -> impl Iterator<Item = (&'static str, &'static str)> {
    [STABLE, DRAFT].into_iter().flat_map(str::lines).filter_map(|line| {
        let (name, rest) = line.trim_start().strip_prefix("pub const ")?.split_once(": ")?;
        let (_type, value) = rest.split_once(" = ")?;
        Some((name, value.trim_end_matches(';')))
    })
}

fn include() -> PathBuf {
    Path::new(env!("OUT_DIR")).join("include")
}

/// A C program that compiles only if all its assertions hold.
struct Program(String);

impl Program {
    fn new() -> Self {
        let check = "#define check(is, what) _Static_assert (is, what \" differs\")";
        Self(format!(
            "#define ZMQ_BUILD_DRAFT_API\n#include <zmq.h>\n#include <stddef.h>\n{check}\n"
        ))
    }

    fn equal(&mut self, c: &str, rust: impl Display) {
        self.line(format!("check ((long long) ({c}) == (long long) ({rust}), \"{c}\");"));
    }

    fn line(&mut self, text: impl Display) {
        writeln!(self.0, "{text}").unwrap();
    }

    fn compile(&self) {
        let name = std::thread::current().name().unwrap().replace("::", "_");
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.c"));
        fs::write(&file, &self.0).unwrap();
        let target = env!("LIBZMQ_SYS_TARGET");
        let compiler = cc::Build::new()
            .cargo_metadata(false)
            .target(target)
            .host(target)
            .opt_level(0)
            .std("gnu11")
            .include(include())
            .get_compiler();
        let check_only = if compiler.is_like_msvc() { "/Zs" } else { "-fsyntax-only" };
        let output = compiler.to_command().arg(check_only).arg(&file).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
