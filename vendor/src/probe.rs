//! Questions to the compiler about the target's C library.
//!
//! A question is a line of C++ and the headers it needs; the answer is yes if that compiles. It is the target's compiler
//! that is asked, so the answers are right when cross compiling, where nothing could be run.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::{fs, io};

/// If `code` compiles after `headers`, `name` is defined.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probe {
    pub(crate) name: &'static str,
    pub(crate) headers: &'static [&'static str],
    pub(crate) code: &'static str,
}

/// Returns the probes that hold.
///
/// They are asked all at once: a compiler run costs far more than a line in it. Only if the whole does not compile is each
/// asked alone.
pub(crate) fn holding<'a>(probes: &[&'a Probe], compiler: &cc::Tool, scratch: &Path) -> io::Result<Vec<&'a Probe>> {
    if compiles(probes, compiler, scratch)? {
        return Ok(probes.to_vec());
    }
    let mut held = Vec::new();
    for probe in probes {
        if compiles(&[probe], compiler, scratch)? {
            held.push(*probe);
        }
    }
    Ok(held)
}

fn compiles(probes: &[&Probe], compiler: &cc::Tool, scratch: &Path) -> io::Result<bool> {
    let source = scratch.join("probe.cpp");
    fs::write(&source, program(probes))?;

    let mut command = compiler.to_command();
    if compiler.is_like_msvc() {
        command.arg("/Zs");
    } else {
        command.arg("-fsyntax-only");
    }
    let status = command.arg(&source).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    Ok(status.success())
}

fn program(probes: &[&Probe]) -> String {
    let mut text = String::new();
    for header in probes.iter().flat_map(|probe| probe.headers) {
        let _ = writeln!(text, "#include <{header}>");
    }
    for (n, Probe { code, .. }) in probes.iter().enumerate() {
        let _ = writeln!(text, "void probe_{n} () {{ {code} }}");
    }
    text
}
