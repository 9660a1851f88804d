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

/// The public keys of a folder, as of the last refresh.
#[derive(Debug)]
pub(super) struct KeyFolder {
    path: PathBuf,
    files: Mutex<HashMap<PathBuf, Known>>,
}

/// A file that was read.
#[derive(Debug)]
struct Known {
    stamp: Stamp,
    /// Whether the file changed shortly before it was read. Another change could have the same
    /// time.
    unsettled: bool,
    content: Result<CurveKeyFile, Error>,
}

/// The attributes that show whether a file has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    size: u64,
    /// The device, the inode, and the seconds and nanoseconds of the last change of its attributes.
    #[cfg(unix)]
    file: (u64, u64, i64, i64),
}

/// Longer than the time resolution of any file system.
const SETTLED: Duration = Duration::from_secs(2);

/// The state of a key folder: see
/// [`AuthClient::set_curve_folder`](super::AuthClient::set_curve_folder).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CurveFolderReport {
    /// The number of files with a public key.
    pub keys: usize,
    /// The files whose names end in `.key` but that are not certificates, with the error of each.
    pub refused: Vec<(PathBuf, Error)>,
    /// The files with an [exposed](CurveKeyFile::is_exposed) secret key.
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

    /// Reads the files that have changed. An unreadable folder has no keys.
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

    /// Returns the answer for a peer with this key, if a file contains it. The metadata of the file
    /// become properties.
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
        // A secret key does not belong into this folder, so it is not kept in memory.
        let content = CurveKeyFile::read(path).map(CurveKeyFile::without_secret);
        if let Err(error) = &content {
            log::refused_key_file(path.display(), error);
        }
        Self { stamp, unsettled: age.is_none_or(|age| age < SETTLED), content }
    }
}

/// Returns the files of a folder whose names end in `.key`.
fn key_files(folder: &Path) -> io::Result<Vec<(PathBuf, Stamp)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "key") {
            continue;
        }
        // `metadata` follows links. It fails if the file was removed meanwhile.
        if let Ok(about) = fs::metadata(&path) {
            if !about.is_dir() {
                files.push((path, Stamp::of(&about)));
            }
        }
    }
    Ok(files)
}

impl Stamp {
    /// Returns the time of the last change of the content or the attributes.
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
