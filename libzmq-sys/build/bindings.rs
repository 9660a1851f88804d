//! Generates `src/bindings/*.rs` anew, into `OUT_DIR`, with the feature `bindgen`.

use std::path::Path;

#[cfg(not(feature = "bindgen"))]
pub(crate) fn generate(_include: &Path) -> Result<(), String> {
    Ok(())
}

#[cfg(feature = "bindgen")]
pub(crate) use generator::generate;

#[cfg(feature = "bindgen")]
mod generator {
    use std::path::{Path, PathBuf};
    use std::{env, fs};

    /// What `src/types.rs`, `src/errno.rs` and `src/patches.rs` declare.
    const BY_HAND: &str =
        "zmq_msg_t|zmq_fd_t|sigset_t|__sigset_t|iovec|ZMQ_HAUSNUMERO|zmq_disconnect_peer";
    /// Flags for the preprocessor, which tell a Rust program nothing.
    const FLAGS: &str = "ZMQ_BUILD_DRAFT_API|ZMQ_DEFINED_STDINT|ZMQ_HAVE_POLLER|ZMQ_HAVE_TIMERS";

    /// Generates the declarations of the `zmq.h` in the folder `include`.
    pub(crate) fn generate(include: &Path) -> Result<(), String> {
        let out_dir = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
        let stable = declarations(include, "", BY_HAND)?;
        let names: Vec<&str> = stable.lines().filter_map(declared_name).collect();
        let draft = declarations(
            include,
            "#define ZMQ_BUILD_DRAFT_API 1\n",
            &[&[BY_HAND], &*names].concat().join("|"),
        )?;
        for (file, text) in [("stable.rs", stable), ("draft.rs", draft)] {
            let file = out_dir.join(file);
            fs::write(&file, text).map_err(|e| format!("cannot write {}: {e}", file.display()))?;
        }
        Ok(())
    }

    fn declarations(include: &Path, define: &str, except: &str) -> Result<String, String> {
        let bindings = bindgen::builder()
            .header_contents("all.h", &format!("{define}#include <zmq.h>\n"))
            .clang_arg(format!("-I{}", include.display()))
            .allowlist_item("(zmq|ZMQ)_.*")
            .blocklist_item(FLAGS)
            .blocklist_item(except)
            // Not rustfmt, whose settings differ from folder to folder.
            .formatter(bindgen::Formatter::Prettyplease)
            .use_core()
            .generate_cstr(true)
            .generate_comments(false)
            .layout_tests(false)
            .merge_extern_blocks(true)
            .rust_target(bindgen::RustTarget::stable(85, 0).map_err(|e| e.to_string())?)
            .rust_edition(bindgen::RustEdition::Edition2024)
            .disable_header_comment()
            .generate()
            .map_err(|e| format!("bindgen: {e}"))?;
        Ok(bindings.to_string())
    }

    /// The name that a line of generated code declares, if any.
    fn declared_name(line: &str) -> Option<&str> {
        let item = line.trim_start().strip_prefix("pub ")?;
        let (kind, rest) = item.split_once(' ')?;
        let name = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()?;
        matches!(kind, "const" | "fn" | "struct" | "type" | "union").then_some(name)
    }
}
