//! Probes of the target's C library.
//!
//! A probe is C++ code with its headers. It succeeds if the target's compiler compiles it, so the
//! results are right for cross compiling too.

use std::path::Path;
use std::process::Stdio;
use std::{fs, io};

/// A probe, and the macro that is defined if it succeeds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probe {
    pub(crate) name: &'static str,
    pub(crate) value: &'static str,
    pub(crate) headers: &'static [&'static str],
    pub(crate) code: &'static str,
    /// Whether it often fails on the systems where it is tried.
    pub(crate) unsure: bool,
}

/// Returns the probes that succeed.
///
/// All probes are compiled at once, because starting the compiler is slow. They are compiled one by
/// one only if that fails.
pub(crate) fn holding<'a>(
    probes: &[&'a Probe],
    compiler: &cc::Tool,
    scratch: &Path,
) -> io::Result<Vec<&'a Probe>> {
    if compiles(&program(probes), compiler, scratch)? {
        return Ok(probes.to_vec());
    }
    // Otherwise a broken compiler would lead to a libzmq without capabilities.
    if !compiles("", compiler, scratch)? {
        return Err(io::Error::other(format!(
            "{} does not compile an empty file",
            compiler.path().display()
        )));
    }
    let mut held = Vec::new();
    for probe in probes {
        if compiles(&program(&[probe]), compiler, scratch)? {
            held.push(*probe);
        }
    }
    Ok(held)
}

fn compiles(program: &str, compiler: &cc::Tool, scratch: &Path) -> io::Result<bool> {
    let file = scratch.join("probe.cpp");
    fs::write(&file, program)?;
    // Compile to an object: some compilers, such as zig's, cannot only check the syntax.
    let object = scratch.join("probe.o");
    let mut command = compiler.to_command();
    if compiler.is_like_msvc() {
        command.arg("/c").arg(&file).arg(format!("/Fo{}", object.display()));
    } else {
        command.arg("-c").arg(&file).arg("-o").arg(&object);
    }
    Ok(command.stdout(Stdio::null()).stderr(Stdio::null()).status()?.success())
}

fn program(probes: &[&Probe]) -> String {
    let headers = probes
        .iter()
        .flat_map(|probe| probe.headers)
        .map(|header| format!("#include <{header}>\n"));
    let bodies = probes
        .iter()
        .enumerate()
        .map(|(n, probe)| format!("void probe_{n} () {{ {} }}\n", probe.code));
    headers.chain(bodies).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_holds_each_question_apart() {
        let probe =
            |name, code| Probe { name, value: "", headers: &["time.h"], code, unsure: false };
        let text = program(&[&probe("A", "(void) time;"), &probe("B", "(void) clock;")]);
        let expected = "#include <time.h>\n#include <time.h>\nvoid probe_0 () { (void) time; }\nvoid probe_1 () { (void) clock; }\n";
        assert_eq!(text, expected);
    }
}
