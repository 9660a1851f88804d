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

/// The configuration of an authentication handler: an alias of its builder.
pub type AuthConfig = AuthBuilder;

/// Configures the authentication handler of a context in one step, and creates an [`AuthClient`].
///
/// Values that the builder sets replace those of the handler; all others stay. The handler keeps
/// running when the `AuthClient` is dropped.
///
/// ```
/// use libzmq::{auth::*, prelude::*};
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let _ = AuthBuilder::new().plain_registry(PlainClientCreds::new("ok", "so far")).build()?;
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
/// assert_eq!(server.recv_msg()?, "let me in");
/// #     Ok(())
/// # }
/// ```
///
/// # Configuration files
/// With the feature `serde` a builder can be deserialized from a configuration file and serialized
/// into one. The keys are the names of the builder's methods; `curve_auth = false` stands for
/// [`no_curve_auth`](Self::no_curve_auth). An unknown key is an error. The file contains passwords:
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

/// The first invalid value. The setters cannot fail, so the build returns its error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Refused(Option<Error>);

/// Equal values have equal hashes.
impl Hash for Refused {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.is_some().hash(state);
    }
}

impl AuthBuilder {
    /// Creates a builder without values. It leaves all rules of the handler as they are.
    pub fn new() -> Self {
        Self::default()
    }

    /// Applies the rules to the authentication handler of the [global context](Ctx::global), and
    /// returns a client of the handler. If the handler does not run yet, it starts with these
    /// rules.
    ///
    /// # Errors
    /// As [`AuthClient::new`] and [`AuthClient::add_plain_registry`].
    pub fn build(&self) -> Result<AuthClient, Error> {
        self.with_ctx(Ctx::global())
    }

    /// Applies the rules to the authentication handler of the context, and returns a client of the
    /// handler. If the handler does not run yet, it starts with these rules.
    ///
    /// # Errors
    /// As [`AuthClient::with_ctx`] and [`AuthClient::add_plain_registry`].
    pub fn with_ctx(&self, handle: CtxHandle) -> Result<AuthClient, Error> {
        let folder = self.check()?;
        AuthClient::with_rules(handle, self.domain.as_deref(), |rules| self.change(rules, folder))
    }

    /// Applies the rules to the authentication handler of the context. An alias of
    /// [`with_ctx`](Self::with_ctx) that accepts a [`Ctx`] as well.
    ///
    /// # Errors
    /// As [`with_ctx`](Self::with_ctx).
    pub fn build_in(&self, ctx: impl Into<CtxHandle>) -> Result<AuthClient, Error> {
        self.with_ctx(ctx.into())
    }

    /// Applies the rules to the handler of an existing client.
    ///
    /// # Errors
    /// As the methods of [`AuthClient`]. After an error all rules are unchanged.
    pub fn apply(&self, client: &AuthClient) -> Result<(), Error> {
        let folder = self.check()?;
        let client = match &self.domain {
            None => client.clone(),
            Some(domain) => client.for_domain(domain.as_str()),
        };
        let replaced = client
            .change("configure the authentication handler", |rules| self.change(rules, folder))?;
        // Dropped without the lock: the drop may run code of the program.
        drop(replaced);
        Ok(())
    }

    /// Returns the error of an invalid value, and reads the key folder.
    fn check(&self) -> Result<Option<KeyFolder>, Error> {
        self.refused.0.clone().map_or(Ok(()), Err)?;
        self.plain_registry
            .iter()
            .flatten()
            .try_for_each(|creds| creds.check("set the PLAIN registry"))?;
        self.curve_folder.as_ref().map(KeyFolder::open).transpose()
    }

    /// Changes the rules, and returns the authenticator that it replaced.
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

    /// Applies the rules to one ZAP domain, as [`AuthClient::for_domain`] does. The client that the
    /// build returns changes the rules of that domain, too.
    pub fn domain(&mut self, domain: impl Into<String>) -> &mut Self {
        self.domain = Some(domain.into());
        self
    }

    /// Sets the authenticator. See [`AuthClient::set_authenticator`]. A configuration file cannot
    /// contain it.
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

    /// Sets an `async` authenticator. See [`AuthClient::set_async_authenticator`]. With the feature
    /// `tokio` its futures run in the runtime that this method was called in.
    pub fn async_authenticator<F, J>(&mut self, judge: F) -> &mut Self
    where
        F: Fn(AuthRequest) -> J + Send + Sync + 'static,
        J: Future<Output = AuthAnswer> + Send + 'static,
    {
        self.authenticator = Some(Authenticator::future(judge));
        self
    }

    /// Sets the blacklist: the handler refuses peers from these addresses and networks. An alias of
    /// [`blacklist`](Self::blacklist).
    pub fn deny<I, M>(&mut self, networks: I) -> &mut Self
    where
        I: OneOrMany<IpNetwork, M>,
    {
        self.blacklist(networks)
    }

    /// Sets the whitelist: the handler refuses peers from all other addresses. An alias of
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

    /// Sets the blacklist. See [`AuthClient::set_blacklist`]. The build returns an error for text
    /// that is not an address or a network.
    pub fn blacklist<I, M>(&mut self, ips: I) -> &mut Self
    where
        I: OneOrMany<IpNetwork, M>,
    {
        self.set_blacklist(Some(ips));
        self
    }

    /// Sets the whitelist. See [`AuthClient::set_whitelist`]. The build returns an error for text
    /// that is not an address or a network.
    pub fn whitelist<I, M>(&mut self, ips: I) -> &mut Self
    where
        I: OneOrMany<IpNetwork, M>,
    {
        self.set_whitelist(Some(ips));
        self
    }

    /// Sets the registry of PLAIN users. See [`AuthClient::set_plain_registry`].
    pub fn plain_registry<I, E>(&mut self, iter: I) -> &mut Self
    where
        I: IntoIterator<Item = E>,
        E: Into<PlainClientCreds>,
    {
        self.set_plain_registry(Some(iter));
        self
    }

    /// Sets the registry of CURVE public keys. See [`AuthClient::set_curve_registry`].
    pub fn curve_registry<I, E>(&mut self, keys: I) -> &mut Self
    where
        I: IntoIterator<Item = E>,
        E: Into<CurvePublicKey>,
    {
        self.set_curve_registry(Some(keys));
        self
    }

    /// Sets the key folder. See [`AuthClient::set_curve_folder`]. The build reads the folder.
    pub fn curve_folder(&mut self, path: impl Into<PathBuf>) -> &mut Self {
        self.curve_folder = Some(path.into());
        self
    }

    /// Accepts CURVE clients with any key, as [`AuthClient::set_curve_auth`] does with `false`.
    pub fn no_curve_auth(&mut self) -> &mut Self {
        self.curve_auth = Some(false);
        self
    }

    /// Sets the blacklist. With `None` the build leaves the handler's list as it is.
    pub fn set_blacklist<I, M>(&mut self, maybe: Option<I>)
    where
        I: OneOrMany<IpNetwork, M>,
    {
        self.blacklist = maybe.map(|ips| self.networks(ips));
    }

    /// Sets the whitelist. With `None` the build leaves the handler's list as it is.
    pub fn set_whitelist<I, M>(&mut self, maybe: Option<I>)
    where
        I: OneOrMany<IpNetwork, M>,
    {
        self.whitelist = maybe.map(|ips| self.networks(ips));
    }

    /// Sets the registry of PLAIN users. With `None` the build leaves the handler's registry as it
    /// is.
    pub fn set_plain_registry<I, E>(&mut self, maybe: Option<I>)
    where
        I: IntoIterator<Item = E>,
        E: Into<PlainClientCreds>,
    {
        self.plain_registry = maybe.map(|creds| creds.into_iter().map(Into::into).collect());
    }

    /// Sets the registry of CURVE public keys. With `None` the build leaves the handler's registry
    /// as it is.
    pub fn set_curve_registry<I, E>(&mut self, maybe: Option<I>)
    where
        I: IntoIterator<Item = E>,
        E: Into<CurvePublicKey>,
    {
        self.curve_registry = maybe.map(|keys| keys.into_iter().map(Into::into).collect());
    }

    /// Sets whether CURVE clients need a registered key. With `None` the build leaves the handler's
    /// setting as it is.
    pub fn set_curve_auth(&mut self, maybe: Option<bool>) {
        self.curve_auth = maybe;
    }
}
