//! A folder of key files as a registry.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use super::{AuthAnswer, CurveKeyFile, CurvePublicKey, request::is_property};
use crate::{error::Error, raw::Errno, util::log};

/// The public keys of a folder, as they were read last.
#[derive(Debug)]
pub(super) struct KeyFolder {
    path: PathBuf,
    files: Mutex<HashMap<PathBuf, Known>>,
}

/// A file that was read.
#[derive(Debug)]
struct Known {
    stamp: Stamp,
    /// Whether the file changed so shortly before that the next change may have the same time.
    unsettled: bool,
    content: Result<CurveKeyFile, Error>,
}

/// What a change of a file changes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    size: u64,
    /// The file itself, and when the system last changed something of it.
    #[cfg(unix)]
    file: (u64, u64, i64, i64),
}

/// Longer than the clock of any file system takes to go on.
const SETTLED: Duration = Duration::from_secs(2);

/// What a folder of public keys has: see
/// [`AuthClient::set_curve_folder`](super::AuthClient::set_curve_folder).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CurveFolderReport {
    /// How many files have a public key.
    pub keys: usize,
    /// The files whose names end in `.key` that are no certificates, and why.
    pub refused: Vec<(PathBuf, Error)>,
    /// The files whose secret key is [exposed](CurveKeyFile::is_exposed).
    pub exposed: Vec<PathBuf>,
}

impl KeyFolder {
    pub(super) fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let folder = Self { path: path.into(), files: Mutex::default() };
        folder.refresh()?;
        Ok(folder)
    }

    fn files(&self) -> MutexGuard<'_, HashMap<PathBuf, Known>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what has changed. A folder that cannot be read has no keys.
    pub(super) fn refresh(&self) -> Result<(), Error> {
        let mut files = self.files();
        let mut before = std::mem::take(&mut *files);
        *files = key_files(&self.path)
            .map_err(|error| {
                log::unreadable_key_folder(self.path.display(), &error);
                Error::c(Errno::of_system(&error), "read key folder")
                    .about(self.path.display())
                    .caused_by(error)
            })?
            .into_iter()
            .map(|(path, stamp)| match before.remove(&path) {
                Some(known) if known.stamp == stamp && !known.unsettled => (path, known),
                _ => {
                    let known = Known::read(&path, stamp);
                    (path, known)
                }
            })
            .collect();
        Ok(())
    }

    pub(super) fn report(&self) -> CurveFolderReport {
        let files = self.files();
        let refused = files.iter().filter_map(|(path, known)| {
            Some((path.clone(), known.content.as_ref().err()?.clone()))
        });
        let is_exposed = |known: &Known| known.content.as_ref().is_ok_and(CurveKeyFile::is_exposed);
        let exposed = files.iter().filter(|(_, known)| is_exposed(known));
        CurveFolderReport {
            keys: files.values().filter(|known| known.content.is_ok()).count(),
            refused: refused.collect(),
            exposed: exposed.map(|(path, _)| path.clone()).collect(),
        }
    }

    /// The answer for a peer with this key, if a file has it: with its metadata as properties.
    pub(super) fn answer(&self, key: &CurvePublicKey) -> Option<AuthAnswer> {
        let files = self.files();
        let file = files
            .values()
            .filter_map(|known| known.content.as_ref().ok())
            .find(|file| file.public() == key)?;
        let properties = file.all_metadata().filter(|(name, value)| is_property(name, value));
        let allow = AuthAnswer::allow(key.as_str());
        Some(properties.fold(allow, |answer, (name, value)| answer.property(name, value)))
    }
}

impl Known {
    fn read(path: &Path, stamp: Stamp) -> Self {
        let age = stamp.changed().and_then(|changed| changed.elapsed().ok());
        // A secret key that should not be there is not kept.
        let content = CurveKeyFile::read(path).map(CurveKeyFile::without_secret);
        if let Err(error) = &content {
            log::refused_key_file(path.display(), error);
        }
        Self { stamp, unsettled: age.is_none_or(|age| age < SETTLED), content }
    }
}

/// The files of a folder whose names end in `.key`.
fn key_files(folder: &Path) -> io::Result<Vec<(PathBuf, Stamp)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "key") {
            continue;
        }
        // It follows links. A file may have gone by now.
        if let Ok(about) = fs::metadata(&path) {
            if !about.is_dir() {
                files.push((path, Stamp::of(&about)));
            }
        }
    }
    Ok(files)
}

impl Stamp {
    /// When the file last changed, or its times did.
    fn changed(&self) -> Option<SystemTime> {
        #[cfg(unix)]
        let changed = u64::try_from(self.file.2)
            .ok()
            .and_then(|seconds| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)));
        #[cfg(not(unix))]
        let changed = self.modified;
        self.modified.max(changed)
    }

    fn of(about: &fs::Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;

        Self {
            modified: about.modified().ok(),
            size: about.len(),
            #[cfg(unix)]
            file: (about.dev(), about.ino(), about.ctime(), about.ctime_nsec()),
        }
    }
}
