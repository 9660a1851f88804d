//! [`AuthBuilder`]

use std::{
    future::Future,
    hash::{Hash, Hasher},
    path::PathBuf,
    sync::Arc,
};

use super::{
    AuthAnswer, AuthClient, AuthRequest, CurvePublicKey, PlainClientCreds,
    authenticator::Authenticator, key_folder::KeyFolder, rules::DomainRules,
};
use crate::{
    addr::IpNetwork,
    ctx::{Ctx, CtxHandle},
    error::Error,
    util::OneOrMany,
};

/// The configuration of an authentication handler: the same as its builder.
pub type AuthConfig = AuthBuilder;

/// Tells the authentication handler of a context whom to let in, all at once, and makes an
/// [`AuthClient`].
///
/// What the builder was told replaces what the handler had; what it was not told stays. The
/// `AuthClient` need not be kept.
///
/// ```
/// use libzmq::{auth::*, prelude::*};
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let _ = AuthBuilder::new().plain_registry(PlainClientCreds::new("ok", "so far")).build()?;
///
/// let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").mechanism(Mechanism::PlainServer).build()?;
/// let client = ClientBuilder::new()
///     .connect(server.last_endpoint()?)
///     .mechanism(PlainClientCreds::new("ok", "so far"))
///     .build()?;
///
/// client.send("let me in")?;
/// assert_eq!(server.recv_msg()?, "let me in");
/// #     Ok(())
/// # }
/// ```
///
/// # A builder is a configuration file
/// With the feature `serde`. A name that is not known is an error. The file has passwords in it:
/// keep it secret.
#[cfg_attr(
    feature = "serde",
    doc = r##"
```
use libzmq::config::AuthConfig;

# fn main() -> Result<(), anyhow::Error> {
let config: AuthConfig = serde_json::from_str(
    r#"{
        "deny": ["192.0.2.13", "10.0.0.0/8"],
        "plain_registry": [{ "username": "ok", "password": "so far" }],
        "curve_registry": ["Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"],
        "curve_auth": true
    }"#,
)?;
config.build()?;

assert!(serde_json::from_str::<AuthConfig>(r#"{ "blocklist": [] }"#).is_err());
#     Ok(())
# }
```
"##
)]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct AuthBuilder {
    domain: Option<String>,
    #[cfg_attr(feature = "serde", serde(alias = "deny"))]
    blacklist: Option<Vec<IpNetwork>>,
    #[cfg_attr(feature = "serde", serde(alias = "allow"))]
    whitelist: Option<Vec<IpNetwork>>,
    plain_registry: Option<Vec<PlainClientCreds>>,
    curve_registry: Option<Vec<CurvePublicKey>>,
    curve_folder: Option<PathBuf>,
    curve_auth: Option<bool>,
    #[cfg_attr(feature = "serde", serde(skip))]
    authenticator: Option<Authenticator>,
    #[cfg_attr(feature = "serde", serde(skip))]
    refused: Refused,
}

/// The first value that was no good, for the call that returns errors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Refused(Option<Error>);

/// Equal ones have equal hashes.
impl Hash for Refused {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.is_some().hash(state);
    }
}

impl AuthBuilder {
    /// A builder that changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A client of the handler of the [global context](Ctx::global), which has the rules from its
    /// start.
    ///
    /// # Errors
    /// As [`AuthClient::new`] and [`AuthClient::add_plain_registry`].
    pub fn build(&self) -> Result<AuthClient, Error> {
        self.with_ctx(Ctx::global())
    }

    /// A client of the handler of that context, which has the rules from its start.
    ///
    /// # Errors
    /// As [`AuthClient::with_ctx`] and [`AuthClient::add_plain_registry`].
    pub fn with_ctx(&self, handle: CtxHandle) -> Result<AuthClient, Error> {
        let folder = self.check()?;
        AuthClient::with_rules(handle, self.domain.as_deref(), |rules| self.change(rules, folder))
    }

    /// A client of the handler of that context, which has the rules from its start:
    /// [`with_ctx`](Self::with_ctx) by a name that says so.
    ///
    /// # Errors
    /// As [`with_ctx`](Self::with_ctx).
    pub fn build_in(&self, ctx: impl Into<CtxHandle>) -> Result<AuthClient, Error> {
        self.with_ctx(ctx.into())
    }

    /// Gives the rules to the handler of a client.
    ///
    /// # Errors
    /// As the methods of [`AuthClient`]. Nothing has changed then.
    pub fn apply(&self, client: &AuthClient) -> Result<(), Error> {
        let folder = self.check()?;
        let client = match &self.domain {
            None => client.clone(),
            Some(domain) => client.for_domain(domain.as_str()),
        };
        let replaced = client
            .change("configure the authentication handler", |rules| self.change(rules, folder))?;
        // Not under the lock: its drop is the program's.
        drop(replaced);
        Ok(())
    }

    /// Refuses what is no good, and reads the folder of keys.
    fn check(&self) -> Result<Option<KeyFolder>, Error> {
        self.refused.0.clone().map_or(Ok(()), Err)?;
        self.plain_registry
            .iter()
            .flatten()
            .try_for_each(|creds| creds.check("set the PLAIN registry"))?;
        self.curve_folder.as_ref().map(KeyFolder::open).transpose()
    }

    /// Changes the rules, and returns the authenticator that was there before.
    fn change(&self, rules: &mut DomainRules, folder: Option<KeyFolder>) -> Option<Authenticator> {
        if let Some(ips) = &self.blacklist {
            rules.blacklist.replace(ips.iter().copied());
        }
        if let Some(ips) = &self.whitelist {
            rules.whitelist.replace(ips.iter().copied());
        }
        if let Some(creds) = &self.plain_registry {
            rules.replace_plain(creds.iter().cloned());
        }
        if let Some(keys) = &self.curve_registry {
            rules.curve = keys.iter().cloned().collect();
        }
        if let Some(folder) = folder {
            rules.folder = Some(Arc::new(folder));
        }
        if let Some(enabled) = self.curve_auth {
            rules.any_key = !enabled;
        }
        let authenticator = self.authenticator.clone()?;
        rules.authenticator.replace(authenticator)
    }

    /// Makes all of this the rules of one ZAP domain, as [`AuthClient::for_domain`] does. The
    /// client that is built changes the rules of that domain, too.
    pub fn domain(&mut self, domain: impl Into<String>) -> &mut Self {
        self.domain = Some(domain.into());
        self
    }

    /// As [`AuthClient::set_authenticator`]. A function is no part of a configuration file.
    ///
    /// ```
    /// use libzmq::auth::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// AuthBuilder::new()
    ///     .domain("docs of authenticator")
    ///     .deny("192.0.2.0/24")
    ///     .authenticator(|request| match request.curve() {
    ///         Some(key) if key.as_str().starts_with("anna") => AuthAnswer::allow("anna"),
    ///         _ => AuthAnswer::deny("unknown key"),
    ///     })
    ///     .build()?;
    /// #     Ok(())
    /// # }
    /// ```
    pub fn authenticator<F>(&mut self, judge: F) -> &mut Self
    where
        F: Fn(AuthRequest) -> AuthAnswer + Send + Sync + 'static,
    {
        self.authenticator = Some(Authenticator::blocking(judge));
        self
    }

    /// As [`AuthClient::set_async_authenticator`]. With the feature `tokio` the runtime that this
    /// is called in counts.
    pub fn async_authenticator<F, J>(&mut self, judge: F) -> &mut Self
    where
        F: Fn(AuthRequest) -> J + Send + Sync + 'static,
        J: Future<Output = AuthAnswer> + Send + 'static,
    {
        self.authenticator = Some(Authenticator::future(judge));
        self
    }

    /// The addresses and networks that are refused: another name of
    /// [`blacklist`](Self::blacklist).
    pub fn deny<I, M>(&mut self, networks: I) -> &mut Self
    where
        I: OneOrMany<IpNetwork, M>,
    {
        self.blacklist(networks)
    }

    /// The only addresses and networks that are let in: another name of
    /// [`whitelist`](Self::whitelist).
    pub fn allow<I, M>(&mut self, networks: I) -> &mut Self
    where
        I: OneOrMany<IpNetwork, M>,
    {
        self.whitelist(networks)
    }

    fn networks<M>(&mut self, list: impl OneOrMany<IpNetwork, M>) -> Vec<IpNetwork> {
        list.into_list().unwrap_or_else(|error| {
            self.refused.0.get_or_insert(error);
            Vec::new()
        })
    }

    /// As [`AuthClient::set_blacklist`]. Text that is no address or network is an error of the
    /// build.
    pub fn blacklist<I, M>(&mut self, ips: I) -> &mut Self
    where
        I: OneOrMany<IpNetwork, M>,
    {
        self.set_blacklist(Some(ips));
        self
    }

    /// As [`AuthClient::set_whitelist`]. Text that is no address or network is an error of the
    /// build.
    pub fn whitelist<I, M>(&mut self, ips: I) -> &mut Self
    where
        I: OneOrMany<IpNetwork, M>,
    {
        self.set_whitelist(Some(ips));
        self
    }

    /// As [`AuthClient::set_plain_registry`].
    pub fn plain_registry<I, E>(&mut self, iter: I) -> &mut Self
    where
        I: IntoIterator<Item = E>,
        E: Into<PlainClientCreds>,
    {
        self.set_plain_registry(Some(iter));
        self
    }

    /// As [`AuthClient::set_curve_registry`].
    pub fn curve_registry<I, E>(&mut self, keys: I) -> &mut Self
    where
        I: IntoIterator<Item = E>,
        E: Into<CurvePublicKey>,
    {
        self.set_curve_registry(Some(keys));
        self
    }

    /// As [`AuthClient::set_curve_folder`]. The folder is read when this is built.
    pub fn curve_folder(&mut self, path: impl Into<PathBuf>) -> &mut Self {
        self.curve_folder = Some(path.into());
        self
    }

    /// Lets in CURVE clients with any key, as [`AuthClient::set_curve_auth`] does with `false`.
    pub fn no_curve_auth(&mut self) -> &mut Self {
        self.curve_auth = Some(false);
        self
    }

    /// Sets the blacklist, or leaves it as the handler has it.
    pub fn set_blacklist<I, M>(&mut self, maybe: Option<I>)
    where
        I: OneOrMany<IpNetwork, M>,
    {
        self.blacklist = maybe.map(|ips| self.networks(ips));
    }

    /// Sets the whitelist, or leaves it as the handler has it.
    pub fn set_whitelist<I, M>(&mut self, maybe: Option<I>)
    where
        I: OneOrMany<IpNetwork, M>,
    {
        self.whitelist = maybe.map(|ips| self.networks(ips));
    }

    /// Sets the PLAIN registry, or leaves it as the handler has it.
    pub fn set_plain_registry<I, E>(&mut self, maybe: Option<I>)
    where
        I: IntoIterator<Item = E>,
        E: Into<PlainClientCreds>,
    {
        self.plain_registry = maybe.map(|creds| creds.into_iter().map(Into::into).collect());
    }

    /// Sets the CURVE registry, or leaves it as the handler has it.
    pub fn set_curve_registry<I, E>(&mut self, maybe: Option<I>)
    where
        I: IntoIterator<Item = E>,
        E: Into<CurvePublicKey>,
    {
        self.curve_registry = maybe.map(|keys| keys.into_iter().map(Into::into).collect());
    }

    /// Sets whether CURVE clients must have a key that is registered, or leaves it as the handler
    /// has it.
    pub fn set_curve_auth(&mut self, maybe: Option<bool>) {
        self.curve_auth = maybe;
    }
}
