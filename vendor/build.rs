//! Embeds the patches that `patches/series` names, in its order.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=patches");
    let missing = || io::Error::other("Cargo sets CARGO_MANIFEST_DIR and OUT_DIR");
    let package = env::var_os("CARGO_MANIFEST_DIR").ok_or_else(missing)?;
    let out_dir = env::var_os("OUT_DIR").ok_or_else(missing)?;
    let folder = Path::new(&package).join("patches");
    let mut list = "&[\n".to_owned();
    for name in fs::read_to_string(folder.join("series"))?.lines() {
        let file = folder.join(format!("{name}.patch"));
        list += &format!("    ({name:?}, include_str!({file:?})),\n");
    }
    fs::write(Path::new(&out_dir).join("patches.rs"), list + "]\n")
}
