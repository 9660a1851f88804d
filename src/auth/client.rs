//! [`AuthClient`]

use std::sync::Weak;

use super::{CurvePublicKey, PlainClientCreds, handler::Handler, rules::Rules};
use crate::{
    addr::IntoIpAddrs,
    ctx::{Ctx, CtxHandle},
    error::{Error, ErrorKind},
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
/// The blacklist names addresses that are refused. The whitelist, unless it is empty, names the
/// only ones that are let in. Both are asked before the mechanism is. `127.0.0.1` and
/// `::ffff:127.0.0.1` are the same address. The lists do not apply to peers over `ipc`, which have
/// no IP address. Where the address of a peer cannot be told, it is refused if any list has
/// entries.
///
/// A server without a mechanism asks only if its option [`ZapDomain`](crate::opt::ZapDomain) is
/// set; then the lists alone decide.
///
/// # Errors
/// Each method fails with [`InvalidCtx`](ErrorKind::InvalidCtx) when the context was shut down, and
/// with [`Forked`](ErrorKind::Forked) in a child of the process that made it. An error of those
/// that add or remove several things has, as its content, the index of the first that was not.
///
/// # Example
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
/// # In C
/// A thread with a socket that is bound to `inproc://zeromq.zap.01`, which each program writes for
/// itself. If this one has, there can be no `AuthClient` in the same context:
/// [`AddrInUse`](ErrorKind::AddrInUse).
#[derive(Clone, Debug)]
pub struct AuthClient {
    ctx: CtxHandle,
    handler: Weak<Handler>,
}

/// Whether both change the rules of the same handler.
impl PartialEq for AuthClient {
    fn eq(&self, other: &Self) -> bool {
        self.ctx == other.ctx && self.handler.ptr_eq(&other.handler)
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
        Self::with_rules(handle, |_| ())
    }

    pub(super) fn with_rules(
        ctx: CtxHandle,
        changed: impl FnOnce(&mut Rules),
    ) -> Result<Self, Error> {
        let handler = Handler::of(ctx, changed)?;
        Ok(Self { ctx, handler })
    }

    /// Refuses peers at these addresses, besides those already refused.
    pub fn add_blacklist<I>(&self, ips: I) -> Result<(), Error<usize>>
    where
        I: IntoIpAddrs,
    {
        let ips: Vec<_> = ips.into_ip_addrs().collect();
        self.change("add to the blacklist", |rules| rules.blacklist.add(ips)).map_err(at_first)
    }

    /// Refuses peers at these addresses no longer. Addresses that were not on the list do no harm.
    pub fn remove_blacklist<I>(&self, ips: I) -> Result<(), Error<usize>>
    where
        I: IntoIpAddrs,
    {
        let ips: Vec<_> = ips.into_ip_addrs().collect();
        self.change("remove from the blacklist", |rules| rules.blacklist.remove(ips))
            .map_err(at_first)
    }

    /// Refuses peers at these addresses, and no others.
    pub fn set_blacklist<I>(&self, ips: I) -> Result<(), Error>
    where
        I: IntoIpAddrs,
    {
        let ips: Vec<_> = ips.into_ip_addrs().collect();
        self.change("set the blacklist", |rules| rules.blacklist.replace(ips))
    }

    /// Lets in peers at these addresses, besides those already on the list. All others are refused.
    pub fn add_whitelist<I>(&self, ips: I) -> Result<(), Error<usize>>
    where
        I: IntoIpAddrs,
    {
        let ips: Vec<_> = ips.into_ip_addrs().collect();
        self.change("add to the whitelist", |rules| rules.whitelist.add(ips)).map_err(at_first)
    }

    /// Takes these addresses off the whitelist. With the last, every address is let in again.
    pub fn remove_whitelist<I>(&self, ips: I) -> Result<(), Error<usize>>
    where
        I: IntoIpAddrs,
    {
        let ips: Vec<_> = ips.into_ip_addrs().collect();
        self.change("remove from the whitelist", |rules| rules.whitelist.remove(ips))
            .map_err(at_first)
    }

    /// Lets in peers at these addresses only; with none, at every address.
    pub fn set_whitelist<I>(&self, ips: I) -> Result<(), Error>
    where
        I: IntoIpAddrs,
    {
        let ips: Vec<_> = ips.into_ip_addrs().collect();
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

    /// Whether CURVE clients must have a key that is registered, which is so to begin with. If not,
    /// any key will do: the connection is encrypted, and the client knows its server, but not the
    /// other way round.
    pub fn set_curve_auth(&self, enabled: bool) -> Result<(), Error> {
        self.change("set CURVE authentication", |rules| rules.any_key = !enabled)
    }

    pub(super) fn change(
        &self,
        operation: &'static str,
        change: impl FnOnce(&mut Rules),
    ) -> Result<(), Error> {
        // First, because in a forked child the lock of the rules may be held for ever.
        self.ctx.context()?;
        let handler =
            self.handler.upgrade().ok_or_else(|| Error::new(ErrorKind::InvalidCtx, operation))?;
        handler.change(change);
        Ok(())
    }
}

/// An error that left nothing done.
fn at_first(error: Error) -> Error<usize> {
    error.giving_back(0)
}
