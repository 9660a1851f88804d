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

/// Tells the authentication handler of a context whom to let in.
///
/// The first `AuthClient` of a context starts the handler, a thread that libzmq asks about each
/// peer of a server that has a [mechanism](super::Mechanism). All clients of one context change the
/// same rules. These stay when the clients are dropped, and end with the context. They are, to
/// begin with: no address is on a list, no user and no key is registered.
///
/// A change counts for connections that are made from then on; those that exist stay. Methods may
/// be called by any thread at any time, and never wait for the network.
///
/// # Addresses
/// The blacklist names addresses and [networks](IpNetwork) that are refused. The whitelist, unless
/// it is empty, names the only ones that are let in. Both are asked before the mechanism is.
/// `127.0.0.1` and `::ffff:127.0.0.1` are the same address. A list has the entries that it was
/// given: to remove an address out of a listed network has no effect. The lists do not apply to
/// peers over `ipc`, which have no IP address. Where the address of a peer cannot be told, it is
/// refused if any list has entries.
///
/// A server without a mechanism asks only if its option [`ZapDomain`](crate::opt::ZapDomain) is
/// set; then the lists alone decide.
///
/// # Errors
/// Each method fails with [`InvalidCtx`](ErrorKind::InvalidCtx) when the context was shut down, and
/// with [`Forked`](ErrorKind::Forked) in a child of the process that made it. An error of those
/// that add or remove several things has, as its content, the index of the first that was not.
///
/// # Examples
/// ```
/// use libzmq::{auth::*, prelude::*};
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let auth = AuthClient::new()?;
/// auth.add_plain_registry(PlainClientCreds::new("ok", "so far"))?;
///
/// let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").mechanism(Mechanism::PlainServer).build()?;
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
/// A thread with a socket that is bound to `inproc://zeromq.zap.01`, which each program writes for
/// itself. If this one has, there can be no `AuthClient` in the same context:
/// [`AddrInUse`](ErrorKind::AddrInUse).
#[derive(Clone, Debug)]
pub struct AuthClient {
    ctx: CtxHandle,
    handler: Weak<Handler>,
    domain: Option<Arc<str>>,
}

/// Whether both change the same rules.
impl PartialEq for AuthClient {
    fn eq(&self, other: &Self) -> bool {
        self.ctx == other.ctx && self.handler.ptr_eq(&other.handler) && self.domain == other.domain
    }
}

impl Eq for AuthClient {}

impl AuthClient {
    /// A client of the handler of the [global context](Ctx::global).
    ///
    /// # Errors
    /// - [`AddrInUse`](ErrorKind::AddrInUse) if the program has another handler in the context
    /// - [`SocketLimit`](ErrorKind::SocketLimit), because the handler has a socket, or
    ///   [`Os`](ErrorKind::Os), because it has a thread
    pub fn new() -> Result<Self, Error> {
        Self::with_ctx(Ctx::global())
    }

    /// A client of the handler of that context.
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`InvalidCtx`](ErrorKind::InvalidCtx) if the context is gone.
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
        // Not under a lock: it may be the program's.
        drop(replaced);
        Ok(Self { ctx, handler, domain: domain.map(Arc::from) })
    }

    /// A client that changes the rules of one ZAP domain: of the sockets whose
    /// [`ZapDomain`](crate::opt::ZapDomain) has this name. So two sockets of one context can have
    /// different users.
    ///
    /// From the first change the domain has users, keys and an authenticator of its own, and the
    /// common ones do not apply to it. Addresses must pass the common lists and those of the
    /// domain. [`forget`](Self::forget) gives the domain the common rules again.
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

    /// Takes away all rules of the [domain](Self::for_domain), which goes by the common rules then.
    /// Without a domain this resets the common rules to those that a handler starts with.
    pub fn forget(&self) -> Result<(), Error> {
        let forgotten =
            self.handler("forget the rules")?.change(|rules| rules.forget(self.domain.as_deref()));
        // Not under the lock: an authenticator is the program's.
        drop(forgotten);
        Ok(())
    }

    /// Has a function of the program judge the peers that the registries do not know.
    ///
    /// The [module's page](super#who-is-let-in) says who is asked in which order. The function is
    /// called on a few threads that are there for it alone, several at once. It may block: that
    /// delays only the handshakes of the peers that it judges, and of those that wait for a thread.
    /// At most 1024 peers are judged or wait; one more is refused for now, with status 300, and
    /// tries again. A peer whose [`HandshakeInterval`](crate::opt::HandshakeInterval) passes
    /// meanwhile is disconnected.
    ///
    /// A panic refuses the peer with status 500. The panic hook reports it, the handler goes on,
    /// and [`stats`](Self::stats) counts it. The function may call any method of this client, and
    /// may end the context. A function that captures the [`Ctx`] keeps it from being dropped.
    ///
    /// It may be replaced at any time: a peer that the old function judges keeps its answer.
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

    /// Has a function of the program judge the peers that the registries do not know, as
    /// [`set_authenticator`](Self::set_authenticator) does, without a thread for each peer that is
    /// being judged.
    ///
    /// The threads of the authenticator poll the futures, in whatever runtime their wakers are.
    /// With the feature `tokio`, a future runs within the tokio runtime that this method was called
    /// in, so that its timers and connections work; that runtime must live as long. A future that
    /// is dropped unanswered, because nothing can wake it any more, refuses its peer with status
    /// 500.
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
    ///         Some(password) if password == creds.password() => AuthAnswer::allow(creds.username()),
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

    /// Asks no function of the program any more. Peers that are being judged get its answer.
    pub fn remove_authenticator(&self) -> Result<(), Error> {
        self.replace_authenticator(None)
    }

    fn replace_authenticator(&self, authenticator: Option<Authenticator>) -> Result<(), Error> {
        let replaced = self.change("set the authenticator", |rules| {
            std::mem::replace(&mut rules.authenticator, authenticator)
        })?;
        // Not under the lock: its drop is the program's.
        drop(replaced);
        Ok(())
    }

    /// How many peers the handler has let in and refused so far, in all domains.
    pub fn stats(&self) -> Result<AuthStats, Error> {
        Ok(self.handler("read statistics")?.counters().stats())
    }

    /// Refuses peers at these addresses and in these networks, besides those already refused: the
    /// same as [`add_blacklist`](Self::add_blacklist).
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

    /// Lets in peers at these addresses and in these networks, besides those already on the list,
    /// and no others: the same as [`add_whitelist`](Self::add_whitelist).
    pub fn allow<I, M>(&self, networks: I) -> Result<(), Error<usize>>
    where
        I: OneOrMany<IpNetwork, M>,
    {
        self.add_whitelist(networks)
    }

    /// Refuses peers at these addresses, besides those already refused.
    pub fn add_blacklist<I, M>(&self, ips: I) -> Result<(), Error<usize>>
    where
        I: OneOrMany<IpNetwork, M>,
    {
        let ips = ips.into_list().map_err(at_first)?;
        self.change("add to the blacklist", |rules| rules.blacklist.add(ips)).map_err(at_first)
    }

    /// Refuses peers at these addresses no longer. Addresses that were not on the list do no harm.
    pub fn remove_blacklist<I, M>(&self, ips: I) -> Result<(), Error<usize>>
    where
        I: OneOrMany<IpNetwork, M>,
    {
        let ips = ips.into_list().map_err(at_first)?;
        self.change("remove from the blacklist", |rules| rules.blacklist.remove(ips))
            .map_err(at_first)
    }

    /// Refuses peers at these addresses, and no others.
    pub fn set_blacklist<I, M>(&self, ips: I) -> Result<(), Error>
    where
        I: OneOrMany<IpNetwork, M>,
    {
        let ips = ips.into_list()?;
        self.change("set the blacklist", |rules| rules.blacklist.replace(ips))
    }

    /// Lets in peers at these addresses, besides those already on the list. All others are refused.
    pub fn add_whitelist<I, M>(&self, ips: I) -> Result<(), Error<usize>>
    where
        I: OneOrMany<IpNetwork, M>,
    {
        let ips = ips.into_list().map_err(at_first)?;
        self.change("add to the whitelist", |rules| rules.whitelist.add(ips)).map_err(at_first)
    }

    /// Takes these addresses off the whitelist. With the last, every address is let in again.
    pub fn remove_whitelist<I, M>(&self, ips: I) -> Result<(), Error<usize>>
    where
        I: OneOrMany<IpNetwork, M>,
    {
        let ips = ips.into_list().map_err(at_first)?;
        self.change("remove from the whitelist", |rules| rules.whitelist.remove(ips))
            .map_err(at_first)
    }

    /// Lets in peers at these addresses only; with none, at every address.
    pub fn set_whitelist<I, M>(&self, ips: I) -> Result<(), Error>
    where
        I: OneOrMany<IpNetwork, M>,
    {
        let ips = ips.into_list()?;
        self.change("set the whitelist", |rules| rules.whitelist.replace(ips))
    }

    /// Lets in PLAIN clients with these names and passwords. A name that was known gets the new
    /// password.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for a name or a password that is empty or longer
    /// than 255 bytes, or a NUL in a name. Those before it were added.
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

    /// Lets in PLAIN clients of these names no longer. Names that were not known do no harm.
    pub fn remove_plain_registry<I, E>(&self, usernames: I) -> Result<(), Error<usize>>
    where
        I: IntoIterator<Item = E>,
        E: Into<String>,
    {
        let usernames: Vec<_> = usernames.into_iter().map(Into::into).collect();
        self.change("remove from the PLAIN registry", |rules| rules.remove_plain(&usernames))
            .map_err(at_first)
    }

    /// Lets in PLAIN clients with these names and passwords, and no others.
    ///
    /// # Errors
    /// As [`add_plain_registry`](Self::add_plain_registry), but then nothing has changed.
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

    /// Lets in CURVE clients with these public keys.
    pub fn add_curve_registry<I, E>(&self, keys: I) -> Result<(), Error<usize>>
    where
        I: IntoIterator<Item = E>,
        E: Into<CurvePublicKey>,
    {
        let keys: Vec<_> = keys.into_iter().map(Into::into).collect();
        self.change("add to the CURVE registry", |rules| rules.curve.extend(keys)).map_err(at_first)
    }

    /// Lets in CURVE clients with these public keys no longer. Keys that were not known do no harm.
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

    /// Lets in CURVE clients with these public keys, and no others.
    pub fn set_curve_registry<I, E>(&self, keys: I) -> Result<(), Error>
    where
        I: IntoIterator<Item = E>,
        E: Into<CurvePublicKey>,
    {
        let keys = keys.into_iter().map(Into::into).collect();
        self.change("set the CURVE registry", |rules| rules.curve = keys)
    }

    /// Lets in CURVE clients whose public keys are in files of this folder, besides those of the
    /// registry. It replaces an earlier folder.
    ///
    /// The folder has [key files](super::CurveKeyFile) whose names end in `.key`; other files, and
    /// folders in it, do not count. It is read now, and anew at each handshake of a CURVE client
    /// for what has changed: the key of a file that is deleted, damaged or written half is not
    /// accepted any more. That takes a few microseconds for each file, and [`reload_curve_folder`]
    /// does it at once. A folder that cannot be read later has no keys.
    ///
    /// The metadata of a file arrive as [properties](crate::Msg::property) of the client's
    /// messages, except names that a property [cannot have](AuthAnswer::property). The user id is
    /// the key.
    ///
    /// [`reload_curve_folder`]: Self::reload_curve_folder
    ///
    /// # Blocking
    /// On the disk.
    ///
    /// # Errors
    /// [`Os`](ErrorKind::Os) if the folder cannot be read. Nothing has changed then. Files that are
    /// no certificates are not an error: the report has them.
    pub fn set_curve_folder(&self, path: impl Into<PathBuf>) -> Result<CurveFolderReport, Error> {
        let folder = Arc::new(KeyFolder::open(path)?);
        let report = folder.report();
        self.change("set the CURVE folder", |rules| rules.folder = Some(folder))?;
        Ok(report)
    }

    /// Reads what has changed in the folder of keys, and reports what it has.
    ///
    /// # Blocking
    /// On the disk.
    ///
    /// # Errors
    /// - [`NotFound`](ErrorKind::NotFound) if no folder was set
    /// - [`Os`](ErrorKind::Os) if it cannot be read; it has no keys then
    pub fn reload_curve_folder(&self) -> Result<CurveFolderReport, Error> {
        const OPERATION: &str = "reload the CURVE folder";
        const NONE: ErrorKind = ErrorKind::NotFound("no folder of keys was set");

        let folder = self.change(OPERATION, |rules| rules.folder.clone())?;
        let folder = folder.ok_or_else(|| Error::new(NONE, OPERATION))?;
        folder.refresh()?;
        Ok(folder.report())
    }

    /// Lets in CURVE clients whose public keys are in files no longer.
    pub fn remove_curve_folder(&self) -> Result<(), Error> {
        self.change("remove the CURVE folder", |rules| rules.folder = None)
    }

    /// Whether CURVE clients must have a key that is registered, which is so to begin with. If not,
    /// any key will do: the connection is encrypted, and the client knows its server, but not the
    /// other way round.
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
        // First, because in a forked child the lock of the rules may be held for ever.
        self.ctx.context()?;
        self.handler.upgrade().ok_or_else(|| Error::new(ErrorKind::InvalidCtx, operation))
    }
}

/// An error that left nothing done.
fn at_first(error: Error) -> Error<usize> {
    error.giving_back(0)
}
