//! CURVE certificates in files, and key folders as registries.

use std::{
    fs,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use libzmq::{auth::*, prelude::*};

#[cfg(any(unix, zmq_has = "curve"))]
use crate::common::watchdog;

const PUBLIC: &str = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
const SECRET: &str = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";
#[cfg(zmq_has = "curve")]
const OTHER: &str = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";

/// A temporary folder. Its drop deletes it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("libzmq-keys-{}-{number}", process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(&self.0)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn cert() -> CurveCert {
    let public = CurvePublicKey::new(PUBLIC).unwrap();
    CurveCert::new(public, CurveSecretKey::new(SECRET).unwrap())
}

fn public_text(key: &str) -> String {
    format!("metadata\n    name = \"x\"\ncurve\n    public-key = \"{key}\"\n")
}

fn is_invalid(path: &Path) -> bool {
    let error = CurveKeyFile::read(path).unwrap_err();
    assert_eq!(error.text(), Some(&*path.display().to_string()));
    matches!(error.kind(), ErrorKind::InvalidInput(_))
}

#[test]
fn key_file_is_written_and_read_back() {
    let folder = Folder::new();
    let file = CurveKeyFile::new(cert())
        .with_metadata("name", "Anna")
        .unwrap()
        .with_metadata("role", "\"editor\"")
        .unwrap()
        .with_metadata("name", "Anna # B")
        .unwrap();
    for _ in 0..2 {
        file.write(folder.join("anna.key")).unwrap();
        assert_eq!(folder.names(), ["anna.key", "anna.key_secret"]);
    }
    let secret = CurveKeyFile::read(folder.join("anna.key_secret")).unwrap();
    assert_eq!(secret, file);
    assert_eq!(secret.cert(), Some(cert()));
    assert_eq!(secret.metadata("name"), Some("Anna # B"));
    assert_eq!(secret.all_metadata().count(), 2);
    let public = CurveKeyFile::read(folder.join("anna.key")).unwrap();
    assert_eq!((public.public(), public.cert()), (cert().public(), None));
    assert_eq!(public.metadata("role"), Some("\"editor\""));
    assert!(!fs::read_to_string(folder.join("anna.key")).unwrap().contains(SECRET));
    assert!(!format!("{file:?}").contains(SECRET));

    let only = CurveKeyFile::of_public(cert().public());
    only.write(folder.join("only.key")).unwrap();
    assert!(!folder.join("only.key_secret").exists());
    assert!(only.with_metadata("a b", "c").is_err());
    assert!(CurveKeyFile::new(cert()).write(folder.join("no/such.key")).is_err());
    assert!(CurveKeyFile::new(cert()).write(&folder.0).is_err() || cfg!(windows));
}

#[test]
fn what_is_no_key_file_is_refused() {
    let folder = Folder::new();
    let path = folder.join("x.key");
    let missing = CurveKeyFile::read(&path).unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::Os(libc::ENOENT));
    for bytes in [
        Vec::new(),
        b"\xff\xfe".to_vec(),
        vec![0; 100],
        public_text(&PUBLIC[1..]).into_bytes(),
        // Longer than the limit, with a valid certificate at the start.
        [public_text(PUBLIC).into_bytes(), vec![b'#'; 64 * 1024]].concat(),
    ] {
        fs::write(&path, &bytes).unwrap();
        assert!(is_invalid(&path));
    }
    fs::write(&path, public_text(PUBLIC).replace('\n', "\r\n")).unwrap();
    assert_eq!(CurveKeyFile::read(&path).unwrap().public().as_str(), PUBLIC);
    assert!(CurveKeyFile::read(&folder.0).is_err());
}

#[cfg(zmq_has = "curve")]
#[test]
fn keys_that_do_not_belong_together_are_refused() {
    let folder = Folder::new();
    let strangers =
        CurveCert::new(CurvePublicKey::new(OTHER).unwrap(), CurveSecretKey::new(SECRET).unwrap());
    CurveKeyFile::new(strangers).write(folder.join("x.key")).unwrap();
    assert!(is_invalid(&folder.join("x.key_secret")));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn secret_file_is_its_owners_alone() {
        let folder = Folder::new();
        let secret = folder.join("x.key_secret");
        let file = CurveKeyFile::new(cert());
        // A secret file that all users may read is replaced, and a link is not followed.
        fs::write(&secret, "").unwrap();
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o666)).unwrap();
        file.write(folder.join("x.key")).unwrap();
        assert_eq!(mode(&secret), 0o600);
        assert!(!CurveKeyFile::read(&secret).unwrap().is_exposed());

        let elsewhere = folder.join("elsewhere");
        fs::write(&elsewhere, "kept").unwrap();
        fs::remove_file(&secret).unwrap();
        symlink(&elsewhere, &secret).unwrap();
        file.write(folder.join("x.key")).unwrap();
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "kept");
        assert_eq!(mode(&secret), 0o600);

        for (mode, exposed) in
            [(0o640, true), (0o604, true), (0o620, true), (0o400, false), (0o700, false)]
        {
            fs::set_permissions(&secret, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(CurveKeyFile::read(&secret).unwrap().is_exposed(), exposed, "{mode:o}");
        }
        // A file with only a public key is never exposed.
        let public = folder.join("x.key");
        fs::set_permissions(&public, fs::Permissions::from_mode(0o666)).unwrap();
        assert!(!CurveKeyFile::read(&public).unwrap().is_exposed());
    }

    /// The pipe has no writer.
    #[test]
    fn pipe_and_device_are_no_key_files() {
        let _watchdog = watchdog();
        let folder = Folder::new();
        let pipe = folder.join("pipe.key");
        let made = process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        assert!(is_invalid(&pipe));
        assert!(is_invalid(Path::new("/dev/zero")));
        symlink("loop.key", folder.join("loop.key")).unwrap();
        assert_eq!(
            CurveKeyFile::read(folder.join("loop.key")).unwrap_err().kind(),
            ErrorKind::Os(libc::ELOOP)
        );
    }
}

#[cfg(zmq_has = "curve")]
mod registry {
    use super::*;
    use crate::common::site::Site;

    struct Keys {
        folder: Folder,
        site: Site,
        server: CurveCert,
    }

    impl Keys {
        fn new() -> Self {
            let server = CurveCert::new_unique();
            let site = Site::of(CurveServerCreds::new(server.secret()));
            Self { folder: Folder::new(), site, server }
        }

        fn creds(&self, client: &CurveCert) -> CurveClientCreds {
            CurveClientCreds::new(self.server.public()).add_cert(client)
        }

        fn write(&self, name: &str, client: &CurveCert) {
            CurveKeyFile::of_public(client.public())
                .with_metadata("name", name)
                .unwrap()
                .with_metadata("X-Role", "editor")
                .unwrap()
                // libzmq reserves this property name.
                .with_metadata("User-Id", "root")
                .unwrap()
                .write(self.folder.join(name))
                .unwrap();
        }
    }

    #[test]
    fn keys_of_a_folder_are_let_in_as_the_folder_changes() {
        let _watchdog = watchdog();
        let keys = Keys::new();
        let [anna, ben] = [(); 2].map(|()| CurveCert::new_unique());
        keys.write("anna.key", &anna);
        // The handler ignores both.
        keys.write("ben.txt", &ben);
        fs::create_dir(keys.folder.join("folder.key")).unwrap();
        let auth = keys.site.auth();
        let report = auth.set_curve_folder(&keys.folder.0).unwrap();
        assert_eq!((report.keys, &*report.refused), (1, &[][..]));
        let msg = keys.site.accepts(keys.creds(&anna));
        assert_eq!(msg.user_id(), Some(anna.public().as_str()));
        assert_eq!(msg.property("X-Role"), Some("editor"));
        assert_eq!(msg.property("name"), Some("anna.key"));
        keys.site.refuses(keys.creds(&ben));

        // A new file, a file that changes in place twice, and a file that is removed.
        keys.write("ben.key", &ben);
        keys.site.accepts(keys.creds(&ben));
        let path = keys.folder.join("ben.key");
        for _ in 0..2 {
            fs::write(&path, public_text(anna.public().as_str())).unwrap();
            keys.site.refuses(keys.creds(&ben));
            fs::write(&path, public_text(ben.public().as_str())).unwrap();
            keys.site.accepts(keys.creds(&ben));
        }
        fs::remove_file(&path).unwrap();
        keys.site.refuses(keys.creds(&ben));
        keys.site.accepts(keys.creds(&anna));

        // A partly written file.
        let whole = public_text(ben.public().as_str());
        fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        keys.site.refuses(keys.creds(&ben));
        let report = auth.reload_curve_folder().unwrap();
        assert_eq!((report.keys, report.refused.len()), (1, 1));
        assert_eq!(report.refused[0].0, path);
        fs::write(&path, whole).unwrap();
        assert_eq!(auth.reload_curve_folder().unwrap().keys, 2);
        keys.site.accepts(keys.creds(&ben));

        // The folder is removed.
        fs::remove_dir_all(&keys.folder.0).unwrap();
        keys.site.refuses(keys.creds(&anna));
        assert!(auth.reload_curve_folder().is_err());
        assert!(auth.set_curve_folder(&keys.folder.0).is_err());
        fs::create_dir(&keys.folder.0).unwrap();
        keys.write("anna.key", &anna);
        keys.site.accepts(keys.creds(&anna));
        auth.remove_curve_folder().unwrap();
        keys.site.refuses(keys.creds(&anna));
        assert!(matches!(auth.reload_curve_folder().unwrap_err().kind(), ErrorKind::NotFound(_)));
    }

    #[test]
    fn folder_is_part_of_a_builder() {
        let _watchdog = watchdog();
        let keys = Keys::new();
        let anna = CurveCert::new_unique();
        keys.write("anna.key", &anna);
        let ctx = keys.site.ctx.handle();
        AuthBuilder::new().curve_folder(&keys.folder.0).with_ctx(ctx).unwrap();
        keys.site.accepts(keys.creds(&anna));
        let missing = keys.folder.join("missing");
        assert!(AuthBuilder::new().curve_folder(&missing).with_ctx(ctx).is_err());
        // A domain has a key folder of its own.
        AuthBuilder::new()
            .domain("global")
            .curve_folder(&keys.folder.0)
            .deny("127.0.0.1")
            .with_ctx(ctx)
            .unwrap();
        keys.site.refuses(keys.creds(&anna));
    }

    #[cfg(unix)]
    #[test]
    fn folder_follows_links_and_reports_exposed_secrets() {
        let _watchdog = watchdog();
        let keys = Keys::new();
        let elsewhere = Folder::new();
        let [anna, ben] = [(); 2].map(|()| CurveCert::new_unique());
        CurveKeyFile::new(&anna).write(elsewhere.join("anna.key")).unwrap();
        // A mount of secrets also replaces its files by changing links.
        let link = keys.folder.join("anna.key");
        std::os::unix::fs::symlink(elsewhere.join("anna.key"), &link).unwrap();
        std::os::unix::fs::symlink(elsewhere.join("missing"), keys.folder.join("no.key")).unwrap();
        // A secret key in the folder of public keys.
        let secret = keys.folder.join("ben.key");
        CurveKeyFile::new(&ben).write(elsewhere.join("ben.key")).unwrap();
        fs::copy(elsewhere.join("ben.key_secret"), &secret).unwrap();
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).unwrap();
        let report = keys.site.auth().set_curve_folder(&keys.folder.0).unwrap();
        assert_eq!((report.keys, report.exposed), (2, vec![secret]));
        keys.site.accepts(keys.creds(&anna));
        keys.site.accepts(keys.creds(&ben));
        CurveKeyFile::of_public(ben.public()).write(elsewhere.join("anna.key")).unwrap();
        keys.site.refuses(keys.creds(&anna));
    }

    /// Prints a figure, and checks only the watchdog's limit, so that a slow machine passes.
    #[test]
    fn large_folder_delays_a_handshake_little() {
        const FILES: usize = 2000;

        let _watchdog = watchdog();
        let keys = Keys::new();
        for number in 0..FILES {
            let key = CurvePublicKey::from_bytes(&{
                let mut bytes = [0; 32];
                bytes[..8].copy_from_slice(&number.to_le_bytes());
                bytes
            });
            fs::write(keys.folder.join(&format!("{number}.key")), public_text(key.as_str()))
                .unwrap();
        }
        let anna = CurveCert::new_unique();
        keys.write("anna.key", &anna);
        assert_eq!(keys.site.auth().set_curve_folder(&keys.folder.0).unwrap().keys, FILES + 1);
        // The handler reads recently changed files each time, and older ones only if their
        // attributes change.
        let (_, new) = crate::common::timed(|| keys.site.accepts(keys.creds(&anna)));
        std::thread::sleep(std::time::Duration::from_millis(2100));
        keys.site.auth().reload_curve_folder().unwrap();
        let (_, old) = crate::common::timed(|| keys.site.auth().reload_curve_folder().unwrap());
        println!("{FILES} files: a handshake takes {new:?} at first, a look {old:?}");
    }
}
