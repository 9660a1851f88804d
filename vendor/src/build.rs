//! From the sources to a static library.

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::platform::{self, Macros};
use crate::target::Target;
use crate::{capability, patch, source, unit};

/// A build of libzmq with its draft API, as a static library.
#[derive(Clone, Debug)]
pub struct Build {
    target: Target,
    out_dir: PathBuf,
    sodium: Option<PathBuf>,
    gnutls: Option<Vec<PathBuf>>,
    patched: bool,
    skipped: Vec<String>,
}

/// What a [`Build`] made.
#[derive(Clone, Debug)]
pub struct Artifacts {
    /// The folder that the other paths are in.
    pub root: PathBuf,
    /// The folder of `zmq.h`.
    pub include: PathBuf,
    /// The folder of the static library.
    pub lib: PathBuf,
    /// What this libzmq can do, of [`CAPABILITIES`](crate::CAPABILITIES).
    pub has: Vec<&'static str>,
    /// The libraries of the system that must be linked after it, besides the C++ standard library.
    pub libs: &'static [&'static str],
}

impl Build {
    /// A build for `target` in the folder `out_dir`: patched, with neither CURVE nor WSS.
    pub fn new(target: Target, out_dir: impl Into<PathBuf>) -> Self {
        Self {
            target,
            out_dir: out_dir.into(),
            sodium: None,
            gnutls: None,
            patched: true,
            skipped: Vec::new(),
        }
    }

    /// The build that Cargo describes to a build script: for its target, in its `OUT_DIR`.
    ///
    /// # Errors
    /// Outside of a build script, which has no such environment.
    pub fn from_cargo() -> Result<Self, String> {
        let out_dir =
            env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: this is not a build script")?;
        Ok(Self::new(Target::from_cargo()?, out_dir))
    }

    /// With CURVE, on the libsodium whose headers are in `include`. Linking that library is left to
    /// the caller.
    pub fn curve(&mut self, include: impl Into<PathBuf>) -> &mut Self {
        self.sodium = Some(include.into());
        self
    }

    /// With WebSocket over TLS, on the GnuTLS whose headers are in `includes`, or where the
    /// compiler looks by itself. Linking that library is left to the caller.
    pub fn wss(&mut self, includes: impl IntoIterator<Item = PathBuf>) -> &mut Self {
        self.gnutls = Some(includes.into_iter().collect());
        self
    }

    /// With or without our patches; with them unless this says no.
    pub fn patched(&mut self, yes: bool) -> &mut Self {
        self.patched = yes;
        self
    }

    /// Leaves out the patches of these names, such as `udp/group-leak`. Only for showing what each
    /// of them is good for.
    pub fn without_patches(&mut self, names: impl IntoIterator<Item = String>) -> &mut Self {
        self.skipped.extend(names);
        self
    }

    /// Compiles, and tells Cargo to link the library and the C++ standard library.
    ///
    /// # Errors
    /// If the sources are not found, a patch does not apply, or the compiler fails. The text tells
    /// what to do.
    pub fn compile(&self) -> Result<Artifacts, String> {
        let tree = self.tree();
        source::copy(&source::source_tree()?, &tree)?;
        if self.patched {
            patch::apply(&tree, &self.skipped)?;
        }
        let platform = self.platform_hpp()?;
        write(&tree.join("src/platform.hpp"), &platform)?;
        let units = unit::units(&tree, self.gnutls.is_some())
            .map_err(|e| format!("cannot read {}: {e}", tree.display()))?;
        let mut files = Vec::new();
        for unit in units {
            files.push(tree.join("src").join(unit.name));
            write(&tree.join("src").join(unit.name), &unit.text)?;
        }

        let lib = self.out_dir.join("lib");
        self.compiler()
            .files(files)
            .objects(self.compile_c()?)
            .out_dir(&lib)
            .cargo_metadata(true)
            .cpp_link_stdlib_static(self.target.is_mingw())
            .try_compile("zmq")
            .map_err(|e| format!("libzmq does not compile: {e}"))?;

        let mut has = vec!["draft"];
        has.extend(self.patched.then_some("patches"));
        has.extend(capability::capabilities(&platform));
        Ok(Artifacts {
            root: self.out_dir.clone(),
            include: self.publish(&tree)?,
            lib,
            has,
            libs: self.target.libs(),
        })
    }

    /// The text of `platform.hpp`: what libzmq is told about the target. It takes a few runs of the
    /// compiler.
    ///
    /// # Errors
    /// If there is no C++ compiler, or the folder of the build cannot be written.
    pub fn platform_hpp(&self) -> Result<String, String> {
        let told = |e: &dyn std::fmt::Display| {
            format!(
                "cannot ask a C++ compiler for {} about the system: {e}. libzmq is C++: install a compiler \
                 (`apt-get install g++`, `xcode-select --install`, the Visual Studio Build Tools), or name one in CXX.",
                self.target.triple
            )
        };
        fs::create_dir_all(&self.out_dir).map_err(|e| told(&e))?;
        let compiler = self.compiler().try_get_compiler().map_err(|e| told(&e))?;
        let mut macros =
            platform::macros(&self.target, &compiler, &self.out_dir).map_err(|e| told(&e))?;
        self.choose(&mut macros);
        Ok(platform::text(&macros))
    }

    /// What is chosen, not found.
    fn choose(&self, macros: &mut Macros) {
        if self.sodium.is_some() {
            macros.extend([
                ("ZMQ_HAVE_CURVE", ""),
                ("ZMQ_USE_LIBSODIUM", ""),
                ("SODIUM_STATIC", ""),
            ]);
        }
        if self.gnutls.is_some() {
            macros.extend([("ZMQ_HAVE_WSS", ""), ("ZMQ_USE_GNUTLS", "")]);
        } else {
            macros.insert("ZMQ_USE_BUILTIN_SHA1", "");
        }
    }

    /// What every file is compiled with on the command line, as macros and their values.
    pub fn definitions(&self) -> Vec<(&'static str, Option<&'static str>)> {
        let always = [
            "NDEBUG",
            "ZMQ_BUILD_DRAFT_API",
            "ZMQ_CUSTOM_PLATFORM_HPP",
            "ZMQ_STATIC",
            "_REENTRANT",
            "_THREAD_SAFE",
        ];
        always
            .map(|name| (name, None))
            .into_iter()
            .chain(self.target.visibility().iter().copied())
            .collect()
    }

    /// The C++ compiler and what every file is compiled with.
    fn compiler(&self) -> cc::Build {
        let mut build = self.c_compiler();
        build.cpp(true).includes(&self.sodium).includes(self.gnutls.iter().flatten());
        if self.target.is_msvc() {
            build.flag("/EHsc");
        } else {
            build.std("c++11");
        }
        build
    }

    fn c_compiler(&self) -> cc::Build {
        let tree = self.tree();
        let mut build = cc::Build::new();
        build
            .cargo_metadata(false)
            .target(&self.target.triple)
            .host(&env::var("HOST").unwrap_or_else(|_| self.target.triple.clone()))
            .warnings(false)
            // In every profile: a slow libzmq with debug checks helps nobody to debug a program.
            .opt_level(3)
            .debug(false)
            .includes(["include", "src", "external/sha1"].map(|folder| tree.join(folder)));
        for (name, value) in self.definitions() {
            build.define(name, value);
        }
        if !self.target.is_msvc() {
            // A program may have another libzmq in it, loaded with some plug-in.
            build.flag("-fvisibility=hidden");
        }
        build
    }

    /// Compiles what is C, which a C++ compiler would refuse.
    fn compile_c(&self) -> Result<Vec<PathBuf>, String> {
        let sha1 = self.gnutls.is_none().then_some("external/sha1/sha1.c");
        let wepoll = self.target.is_windows().then_some("external/wepoll/wepoll.c");
        let files: Vec<PathBuf> =
            sha1.into_iter().chain(wepoll).map(|file| self.tree().join(file)).collect();
        if files.is_empty() {
            return Ok(files);
        }
        self.c_compiler()
            .files(files)
            .out_dir(&self.out_dir)
            .try_compile_intermediates()
            .map_err(|e| format!("the C parts of libzmq do not compile: {e}"))
    }

    /// Copies the headers that dependents may want to where nothing else is.
    fn publish(&self, tree: &Path) -> Result<PathBuf, String> {
        let include = self.out_dir.join("include");
        for header in ["zmq.h", "zmq_utils.h"] {
            let from = tree.join("include").join(header);
            let text = fs::read_to_string(&from)
                .map_err(|e| format!("cannot read {}: {e}", from.display()))?;
            write(&include.join(header), &text)?;
        }
        Ok(include)
    }

    fn tree(&self) -> PathBuf {
        self.out_dir.join("libzmq")
    }
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    let told = |e| format!("cannot write {}: {e}", file.display());
    file.parent().map_or(Ok(()), fs::create_dir_all).map_err(told)?;
    fs::write(file, text).map_err(told)
}
