//! What is compiled for.

use std::env;

/// The target of the build, in Cargo's words.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// `linux`, `macos`, `windows`, `freebsd`, `android` ...
    pub(crate) os: String,
    /// `gnu`, `musl`, `msvc` ...
    pub(crate) env: String,
    /// `unknown`, `apple`, `pc`, `uwp` ...
    pub(crate) vendor: String,
}

impl Target {
    /// The target that Cargo tells a build script of.
    pub(crate) fn from_cargo() -> Result<Self, String> {
        let var = |name: &str| env::var(name).map_err(|_| format!("{name} is not set: this is not a build script"));
        Ok(Self {
            os: var("CARGO_CFG_TARGET_OS")?,
            env: var("CARGO_CFG_TARGET_ENV").unwrap_or_default(),
            vendor: var("CARGO_CFG_TARGET_VENDOR").unwrap_or_default(),
        })
    }

    pub(crate) fn is_windows(&self) -> bool {
        self.os == "windows"
    }

    pub(crate) fn is_msvc(&self) -> bool {
        self.env == "msvc"
    }

    pub(crate) fn is_apple(&self) -> bool {
        self.vendor == "apple"
    }
}
