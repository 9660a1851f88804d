//! [`AuthClient`]

use std::{
    future::Future,
    path::PathBuf,
    sync::{Arc, Weak},
};

use super::{
    AuthAnswer, AuthRequest, AuthStats, CurveFolderReport, CurvePublicKey, PlainClientCreds,
    authenticator::Authenticator, handler::Handler, key_folder::KeyFolder, rules::DomainRules,
};
use crate::{
    addr::IpNetwork,
    ctx::{Ctx, CtxHandle},
    error::{Error, ErrorKind},
    util::OneOrMany,
};

/// Changes the rules of a context's authentication handler.
///
/// The first `AuthClient` of a context starts the handler, a thread. libzmq sends it a request for
/// each peer of a server that has a [mechanism](super::Mechanism). All clients of one context
/// change the same rules. The rules stay when the clients are dropped, and end with the context. At
/// first both address lists are empty, and no user and no key is registered.
///
/// A change applies to later handshakes. Established connections stay.
///
/// # Thread safety
/// All methods may be called from several threads at once. None of them blocks on the network.
///
/// # Addresses
/// The handler refuses the addresses and [networks](IpNetwork) on the blacklist. If the whitelist
/// has entries, the handler refuses all other addresses. It checks both lists before it checks
/// credentials. `127.0.0.1` and `::ffff:127.0.0.1` are the same address. Removing an entry has an
/// effect only if exactly this entry was added: an address cannot be removed from a network on the
/// list.
///
/// The lists do not apply to peers over `ipc`, which have no IP address. If the address of a peer
/// is unknown, the handler refuses the peer if one of the lists has an entry.
///
/// A server without a mechanism sends requests to the handler only if its option
/// [`ZapDomain`](crate::opt::ZapDomain) is set. The address lists and the authenticator decide
/// then.
///
/// # Errors
/// Each method fails with [`InvalidCtx`](ErrorKind::InvalidCtx) after the context was shut down,
/// and with [`Forked`](ErrorKind::Forked) in a forked child process. If a method that adds or
/// removes several entries fails, the content of its error is the index of the first entry that was
/// not added or removed.
///
/// # Examples
/// ```
/// use libzmq::{auth::*, prelude::*};
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let auth = AuthClient::new()?;
/// auth.add_plain_registry(PlainClientCreds::new("ok", "so far"))?;
///
/// let server = ServerBuilder::new()
///     .mechanism(Mechanism::PlainServer)
///     .bind("tcp://127.0.0.1:*")
///     .build()?;
/// let client = ClientBuilder::new()
///     .connect(server.last_endpoint()?)
///     .mechanism(PlainClientCreds::new("ok", "so far"))
///     .build()?;
///
/// client.send("let me in")?;
/// assert_eq!(server.recv_msg()?.user_id(), Some("ok"));
/// #     Ok(())
/// # }
/// ```
///
/// # C API
/// None. A C program binds a socket to `inproc://zeromq.zap.01` and answers the requests itself. If
/// the program has such a handler in the context, no `AuthClient` can be created there:
/// [`AddrInUse`](ErrorKind::AddrInUse).
#[derive(Clone, Debug)]
pub struct AuthClient {
    ctx: CtxHandle,
    handler: Weak<Handler>,
    domain: Option<Arc<str>>,
}

/// Two clients are equal if they change the same rules.
impl PartialEq for AuthClient {
    fn eq(&self, other: &Self) -> bool {
        self.ctx == other.ctx && self.handler.ptr_eq(&other.handler) && self.domain == other.domain
    }
}

impl Eq for AuthClient {}

impl AuthClient {
    /// Creates a client for the authentication handler of the [global context](Ctx::global), and
    /// starts the handler if it does not run yet.
    ///
    /// # Errors
    /// - [`AddrInUse`](ErrorKind::AddrInUse) if the program has another handler in the context
    /// - [`SocketLimit`](ErrorKind::SocketLimit): the handler takes one of the context's sockets
    /// - [`Os`](ErrorKind::Os) if the system starts no more threads
    pub fn new() -> Result<Self, Error> {
        Self::with_ctx(Ctx::global())
    }

    /// Creates a client for the authentication handler of the context, and starts the handler if it
    /// does not run yet.
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`InvalidCtx`](ErrorKind::InvalidCtx) if the context was
    /// terminated.
    pub fn with_ctx(handle: CtxHandle) -> Result<Self, Error> {
        let (handler, ()) = Handler::of(handle, |_| ())?;
        Ok(Self { ctx: handle, handler, domain: None })
    }

    pub(super) fn with_rules<R>(
        ctx: CtxHandle,
        domain: Option<&str>,
        changed: impl FnOnce(&mut DomainRules) -> R,
    ) -> Result<Self, Error> {
        let (handler, replaced) = Handler::of(ctx, |rules| changed(rules.of(domain)))?;
        // Dropped without a lock: the drop may run code of the program.
        drop(replaced);
        Ok(Self { ctx, handler, domain: domain.map(Arc::from) })
    }

    /// Returns a client that changes the rules of one ZAP domain. They apply to sockets whose
    /// [`ZapDomain`](crate::opt::ZapDomain) has this name, so two sockets of one context can have
    /// different users.
    ///
    /// From the first change on, the domain has users, keys and an authenticator of its own; the
    /// common ones do not apply to it. The common address lists and those of the domain both apply.
    /// [`forget`](Self::forget) returns the domain to the common rules.
    ///
    /// ```
    /// use libzmq::{auth::*, prelude::*};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let admin = AuthClient::new()?.for_domain("admin");
    /// admin.add_plain_registry(PlainClientCreds::new("root", "secret"))?;
    ///
    /// let server = ServerBuilder::new()
    ///     .mechanism(Mechanism::PlainServer)
    ///     .option(opt::ZapDomain, "admin".to_owned())
    ///     .bind("tcp://127.0.0.1:*")
    ///     .build()?;
    /// #     Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn for_domain(&self, domain: impl Into<String>) -> Self {
        Self { domain: Some(domain.into().into()), ..self.clone() }
    }

    /// Removes all rules of the [domain](Self::for_domain). The common rules apply to it again. A
    /// client without a domain resets the common rules to those of a new handler.
    pub fn forget(&self) -> Result<(), Error> {
        let forgotten =
            self.handler("forget the rules")?.change(|rules| rules.forget(self.domain.as_deref()));
        // Dropped without the lock: the drop of an authenticator may run code of the program.
        drop(forgotten);
        Ok(())
    }

    /// Sets a function of the program that decides about the peers without an entry in the
    /// registries.
    ///
    /// The [module's page](super#order-of-checks) lists the order of the checks. The handler calls
    /// the function on up to four threads of its own, on several at once. The function may block:
    /// that delays only the handshakes of its own peer and of peers that wait for a thread. At most
    /// 1024 peers wait for an answer. The handler refuses one more with status 300, and the peer
    /// connects again later. libzmq disconnects a peer if its
    /// [`HandshakeInterval`](crate::opt::HandshakeInterval) ends before the function returns.
    ///
    /// If the function panics, the handler refuses the peer with status 500 and goes on. The panic
    /// hook reports the panic, and [`stats`](Self::stats) counts it. The function may call any
    /// method of this client, and may terminate the context. A function that captures the [`Ctx`]
    /// keeps it from being dropped.
    ///
    /// The function may be replaced at any time. Calls that have begun complete, and their answers
    /// count.
    ///
    /// ```
    /// use libzmq::{auth::*, prelude::*};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let auth = AuthClient::new()?.for_domain("docs of set_authenticator");
    /// auth.set_authenticator(|request| match request.plain() {
    ///     Some(creds) if creds.password() == "so far" => {
    ///         AuthAnswer::allow(creds.username()).property("X-Role", "guest")
    ///     }
    ///     _ => AuthAnswer::deny("wrong password"),
    /// })?;
    ///
    /// let server = ServerBuilder::new()
    ///     .mechanism(Mechanism::PlainServer)
    ///     .option(opt::ZapDomain, "docs of set_authenticator".to_owned())
    ///     .bind("tcp://127.0.0.1:*")
    ///     .build()?;
    /// let client = ClientBuilder::new()
    ///     .connect(server.last_endpoint()?)
    ///     .mechanism(PlainClientCreds::new("anna", "so far"))
    ///     .build()?;
    ///
    /// client.send("let me in")?;
    /// let msg = server.recv_msg()?;
    /// assert_eq!((msg.user_id(), msg.property("X-Role")), (Some("anna"), Some("guest")));
    /// #     Ok(())
    /// # }
    /// ```
    pub fn set_authenticator<F>(&self, judge: F) -> Result<(), Error>
    where
        F: Fn(AuthRequest) -> AuthAnswer + Send + Sync + 'static,
    {
        self.replace_authenticator(Some(Authenticator::blocking(judge)))
    }

    /// Sets an `async` function of the program that decides about the peers without an entry in the
    /// registries. Unlike [`set_authenticator`](Self::set_authenticator), it takes no thread for
    /// each peer that waits for its answer.
    ///
    /// The threads of the authenticator poll the futures, which may use the wakers of any runtime.
    /// With the feature `tokio`, a future runs in the context of the tokio runtime that this method
    /// was called in, so its timers and connections work. That runtime must outlive the
    /// authenticator. If a future is dropped without an answer, because nothing holds its waker any
    /// more, the handler refuses the peer with status 500.
    ///
    /// ```
    /// use libzmq::{auth::*, prelude::*};
    ///
    /// async fn look_up(user: &str) -> Option<String> {
    ///     // ... ask a directory ...
    ///     (user == "anna").then(|| "so far".to_owned())
    /// }
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let auth = AuthClient::new()?.for_domain("docs of set_async_authenticator");
    /// auth.set_async_authenticator(async |request: AuthRequest| {
    ///     let Some(creds) = request.plain() else { return AuthAnswer::deny("PLAIN only") };
    ///     match look_up(creds.username()).await {
    ///         Some(password) if password == creds.password() => {
    ///             AuthAnswer::allow(creds.username())
    ///         }
    ///         _ => AuthAnswer::deny("wrong name or password"),
    ///     }
    /// })?;
    /// #     Ok(())
    /// # }
    /// ```
    pub fn set_async_authenticator<F, J>(&self, judge: F) -> Result<(), Error>
    where
        F: Fn(AuthRequest) -> J + Send + Sync + 'static,
        J: Future<Output = AuthAnswer> + Send + 'static,
    {
        self.replace_authenticator(Some(Authenticator::future(judge)))
    }

    /// Removes the authenticator. Calls that have begun complete, and their answers count.
    pub fn remove_authenticator(&self) -> Result<(), Error> {
        self.replace_authenticator(None)
    }

    fn replace_authenticator(&self, authenticator: Option<Authenticator>) -> Result<(), Error> {
        let replaced = self.change("set the authenticator", |rules| {
            std::mem::replace(&mut rules.authenticator, authenticator)
        })?;
        // Dropped without the lock: the drop may run code of the program.
        drop(replaced);
        Ok(())
    }

    /// Returns how many peers the handler has accepted and refused so far, in all domains.
    ///
    /// ```
    /// use libzmq::auth::AuthClient;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let stats = AuthClient::new()?.stats()?;
    /// println!("{} peers accepted, {} refused", stats.allowed, stats.denied);
    /// #     Ok(())
    /// # }
    /// ```
    pub fn stats(&self) -> Result<AuthStats, Error> {
        Ok(self.handler("read statistics")?.counters().stats())
    }

    /// Adds addresses and networks to the blacklist: the handler refuses their peers. An alias of
    /// [`add_blacklist`](Self::add_blacklist).
    ///
    /// ```
    /// use libzmq::auth::AuthClient;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let auth = AuthClient::new()?.for_domain("docs of deny");
    /// auth.deny("192.0.2.0/24")?;
    /// auth.allow(["10.0.0.0/8", "2001:db8::/32", "127.0.0.1"])?;
    /// #     Ok(())
    /// # }
    /// ```
    pub fn deny<I, M>(&self, networks: I) -> Result<(), Error<usize>>
    where
        I: OneOrMany<IpNetwork, M>,
    {
        self.add_blacklist(networks)
    }

    /// Adds addresses and networks to the whitelist: the handler refuses peers from all others. An
    /// alias of [`add_whitelist`](Self::add_whitelist).
    pub fn allow<I, M>(&self, networks: I) -> Result<(), Error<usize>>
    where
        I: OneOrMany<IpNetwork, M>,
    {
        self.add_whitelist(networks)
    }

    /// Adds addresses and networks to the blacklist. The handler refuses their peers.
    pub fn add_blacklist<I, M>(&self, ips: I) -> Result<(), Error<usize>>
    where
        I: OneOrMany<IpNetwork, M>,
    {
        let ips = ips.into_list().map_err(at_first)?;
        self.change("add to the blacklist", |rules| rules.blacklist.add(ips)).map_err(at_first)
    }

    /// Removes addresses and networks from the blacklist. An entry that is not on the list is no
    /// error.
    pub fn remove_blacklist<I, M>(&self, ips: I) -> Result<(), Error<usize>>
    where
        I: OneOrMany<IpNetwork, M>,
    {
        let ips = ips.into_list().map_err(at_first)?;
        self.change("remove from the blacklist", |rules| rules.blacklist.remove(ips))
            .map_err(at_first)
    }

    /// Replaces the blacklist with these addresses and networks.
    pub fn set_blacklist<I, M>(&self, ips: I) -> Result<(), Error>
    where
        I: OneOrMany<IpNetwork, M>,
    {
        let ips = ips.into_list()?;
        self.change("set the blacklist", |rules| rules.blacklist.replace(ips))
    }

    /// Adds addresses and networks to the whitelist. The handler refuses peers from all others.
    pub fn add_whitelist<I, M>(&self, ips: I) -> Result<(), Error<usize>>
    where
        I: OneOrMany<IpNetwork, M>,
    {
        let ips = ips.into_list().map_err(at_first)?;
        self.change("add to the whitelist", |rules| rules.whitelist.add(ips)).map_err(at_first)
    }

    /// Removes addresses and networks from the whitelist. An entry that is not on the list is no
    /// error. An empty whitelist permits every address.
    pub fn remove_whitelist<I, M>(&self, ips: I) -> Result<(), Error<usize>>
    where
        I: OneOrMany<IpNetwork, M>,
    {
        let ips = ips.into_list().map_err(at_first)?;
        self.change("remove from the whitelist", |rules| rules.whitelist.remove(ips))
            .map_err(at_first)
    }

    /// Replaces the whitelist with these addresses and networks. An empty whitelist permits every
    /// address.
    pub fn set_whitelist<I, M>(&self, ips: I) -> Result<(), Error>
    where
        I: OneOrMany<IpNetwork, M>,
    {
        let ips = ips.into_list()?;
        self.change("set the whitelist", |rules| rules.whitelist.replace(ips))
    }

    /// Adds PLAIN users to the registry. If a name is registered already, its password is replaced.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for a name or a password of more than 255 bytes,
    /// or a name with a NUL in it. An empty name or password is an error too with another libzmq
    /// than the vendored one. The entries before the failed one were added.
    pub fn add_plain_registry<I, E>(&self, iter: I) -> Result<(), Error<usize>>
    where
        I: IntoIterator<Item = E>,
        E: Into<PlainClientCreds>,
    {
        const OPERATION: &str = "add to the PLAIN registry";

        let mut creds: Vec<_> = iter.into_iter().map(Into::into).collect();
        let refused = creds
            .iter()
            .enumerate()
            .find_map(|(index, creds)| Some((index, creds.check(OPERATION).err()?)));
        if let Some((index, _)) = refused {
            creds.truncate(index);
        }
        self.change(OPERATION, |rules| rules.add_plain(creds)).map_err(at_first)?;
        refused.map_or(Ok(()), |(index, error)| Err(error.giving_back(index)))
    }

    /// Removes PLAIN users from the registry. A name that is not registered is no error.
    pub fn remove_plain_registry<I, E>(&self, usernames: I) -> Result<(), Error<usize>>
    where
        I: IntoIterator<Item = E>,
        E: Into<String>,
    {
        let usernames: Vec<_> = usernames.into_iter().map(Into::into).collect();
        self.change("remove from the PLAIN registry", |rules| rules.remove_plain(&usernames))
            .map_err(at_first)
    }

    /// Replaces the registry of PLAIN users with these names and passwords.
    ///
    /// # Errors
    /// As [`add_plain_registry`](Self::add_plain_registry). After an error the registry is
    /// unchanged.
    pub fn set_plain_registry<I, E>(&self, creds: I) -> Result<(), Error>
    where
        I: IntoIterator<Item = E>,
        E: Into<PlainClientCreds>,
    {
        const OPERATION: &str = "set the PLAIN registry";

        let creds: Vec<_> = creds.into_iter().map(Into::into).collect();
        creds.iter().try_for_each(|creds| creds.check(OPERATION))?;
        self.change(OPERATION, |rules| rules.replace_plain(creds))
    }

    /// Adds public keys of CURVE clients to the registry.
    ///
    /// ```
    /// use libzmq::auth::{AuthClient, CurvePublicKey};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let auth = AuthClient::new()?.for_domain("docs of add_curve_registry");
    /// let key = CurvePublicKey::new("Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID")?;
    /// auth.add_curve_registry([&key])?;
    /// auth.remove_curve_registry([key])?;
    /// #     Ok(())
    /// # }
    /// ```
    pub fn add_curve_registry<I, E>(&self, keys: I) -> Result<(), Error<usize>>
    where
        I: IntoIterator<Item = E>,
        E: Into<CurvePublicKey>,
    {
        let keys: Vec<_> = keys.into_iter().map(Into::into).collect();
        self.change("add to the CURVE registry", |rules| rules.curve.extend(keys)).map_err(at_first)
    }

    /// Removes public keys of CURVE clients from the registry. A key that is not registered is no
    /// error.
    pub fn remove_curve_registry<I, E>(&self, keys: I) -> Result<(), Error<usize>>
    where
        I: IntoIterator<Item = E>,
        E: Into<CurvePublicKey>,
    {
        let keys: Vec<_> = keys.into_iter().map(Into::into).collect();
        self.change("remove from the CURVE registry", |rules| {
            rules.curve.retain(|key| !keys.contains(key))
        })
        .map_err(at_first)
    }

    /// Replaces the registry of CURVE clients with these public keys.
    pub fn set_curve_registry<I, E>(&self, keys: I) -> Result<(), Error>
    where
        I: IntoIterator<Item = E>,
        E: Into<CurvePublicKey>,
    {
        let keys = keys.into_iter().map(Into::into).collect();
        self.change("set the CURVE registry", |rules| rules.curve = keys)
    }

    /// Accepts CURVE clients whose public keys are in files of this folder, besides those of the
    /// registry. It replaces an earlier folder.
    ///
    /// The handler reads the [key files](super::CurveKeyFile) in the folder whose names end in
    /// `.key`. It ignores other files and subfolders. This call reads the folder, and each
    /// handshake of a CURVE client reads the files that have changed since. If a file was deleted,
    /// damaged or only partly written, the handler no longer accepts its key. That takes a few
    /// microseconds per file; [`reload_curve_folder`] does it at once. If the folder becomes
    /// unreadable, the handler accepts none of its keys.
    ///
    /// The metadata of a file become [properties](crate::Msg::property) of the client's messages,
    /// except names that a property [cannot have](AuthAnswer::property). The user id is the public
    /// key.
    ///
    /// ```
    /// use libzmq::auth::{AuthClient, CurveKeyFile, CurvePublicKey};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// # let folder = std::env::temp_dir().join(format!("libzmq-folder-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// let anna = CurvePublicKey::new("Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID")?;
    /// CurveKeyFile::of_public(anna).write(folder.join("anna.key"))?;
    ///
    /// let auth = AuthClient::new()?.for_domain("docs of set_curve_folder");
    /// assert_eq!(auth.set_curve_folder(&folder)?.keys, 1);
    /// # std::fs::remove_dir_all(folder)?;
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// [`reload_curve_folder`]: Self::reload_curve_folder
    ///
    /// # Blocking
    /// Blocks on reading from the file system.
    ///
    /// # Errors
    /// [`Os`](ErrorKind::Os) if the folder cannot be read. The rules are unchanged then. Files that
    /// are not certificates are no error: the report lists them.
    pub fn set_curve_folder(&self, path: impl Into<PathBuf>) -> Result<CurveFolderReport, Error> {
        let folder = Arc::new(KeyFolder::open(path)?);
        let report = folder.report();
        self.change("set the CURVE folder", |rules| rules.folder = Some(folder))?;
        Ok(report)
    }

    /// Reads the files of the key folder that have changed, and reports the state of the folder.
    ///
    /// # Blocking
    /// Blocks on reading from the file system.
    ///
    /// # Errors
    /// - [`NotFound`](ErrorKind::NotFound) if no folder was set
    /// - [`Os`](ErrorKind::Os) if the folder cannot be read; the handler accepts none of its keys
    ///   then
    pub fn reload_curve_folder(&self) -> Result<CurveFolderReport, Error> {
        const OPERATION: &str = "reload the CURVE folder";
        const NONE: ErrorKind = ErrorKind::NotFound("no folder of keys was set");

        let folder = self.change(OPERATION, |rules| rules.folder.clone())?;
        let folder = folder.ok_or_else(|| Error::new(NONE, OPERATION))?;
        folder.refresh()?;
        Ok(folder.report())
    }

    /// Removes the key folder from the rules. The handler no longer accepts its keys.
    pub fn remove_curve_folder(&self) -> Result<(), Error> {
        self.change("remove the CURVE folder", |rules| rules.folder = None)
    }

    /// Sets whether CURVE clients need a registered key. The default is `true`. With `false` the
    /// handler accepts every key: connections are encrypted and the client authenticates the
    /// server, but the server does not authenticate the client.
    pub fn set_curve_auth(&self, enabled: bool) -> Result<(), Error> {
        self.change("set CURVE authentication", |rules| rules.any_key = !enabled)
    }

    pub(super) fn change<R>(
        &self,
        operation: &'static str,
        change: impl FnOnce(&mut DomainRules) -> R,
    ) -> Result<R, Error> {
        let domain = self.domain.as_deref();
        Ok(self.handler(operation)?.change(|rules| change(rules.of(domain))))
    }

    fn handler(&self, operation: &'static str) -> Result<Arc<Handler>, Error> {
        // First: in a forked child the lock of the rules may never be released.
        self.ctx.context()?;
        self.handler.upgrade().ok_or_else(|| Error::new(ErrorKind::InvalidCtx, operation))
    }
}

/// The error of a call that failed before its first entry.
fn at_first(error: Error) -> Error<usize> {
    error.giving_back(0)
}
