//! Compiles libzmq.

fn main() {
    let mut build = libzmq_src::Build::from_cargo().unwrap();
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=LIBZMQ_UNPATCHED");
    build.patched(std::env::var_os("LIBZMQ_UNPATCHED").is_none());
    let a = build.compile().unwrap();
    println!("cargo::metadata=root={}", a.root.display());
    println!("cargo::metadata=include={}", a.include.display());
    println!("cargo::metadata=lib={}", a.lib.display());
    println!("cargo::metadata=version=4.3.5");
    println!("cargo::metadata=has={}", a.has.join(","));
    for lib in a.system_libs {
        println!("cargo::rustc-link-lib={lib}");
    }
}
