//! [`AuthBuilder`]

use std::net::IpAddr;

use super::{AuthClient, CurvePublicKey, PlainClientCreds, rules::Rules};
use crate::{
    addr::IntoIpAddrs,
    ctx::{Ctx, CtxHandle},
    error::Error,
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
        "blacklist": ["10.0.0.13"],
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
    blacklist: Option<Vec<IpAddr>>,
    whitelist: Option<Vec<IpAddr>>,
    plain_registry: Option<Vec<PlainClientCreds>>,
    curve_registry: Option<Vec<CurvePublicKey>>,
    curve_auth: Option<bool>,
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
        self.check()?;
        AuthClient::with_rules(handle, |rules| self.change(rules))
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
        self.check()?;
        client.change("configure the authentication handler", |rules| self.change(rules))
    }

    fn check(&self) -> Result<(), Error> {
        self.plain_registry
            .iter()
            .flatten()
            .try_for_each(|creds| creds.check("set the PLAIN registry"))
    }

    fn change(&self, rules: &mut Rules) {
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
        if let Some(enabled) = self.curve_auth {
            rules.any_key = !enabled;
        }
    }

    /// As [`AuthClient::set_blacklist`].
    pub fn blacklist<I>(&mut self, ips: I) -> &mut Self
    where
        I: IntoIpAddrs,
    {
        self.set_blacklist(Some(ips));
        self
    }

    /// As [`AuthClient::set_whitelist`].
    pub fn whitelist<I>(&mut self, ips: I) -> &mut Self
    where
        I: IntoIpAddrs,
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

    /// Lets in CURVE clients with any key, as [`AuthClient::set_curve_auth`] does with `false`.
    pub fn no_curve_auth(&mut self) -> &mut Self {
        self.curve_auth = Some(false);
        self
    }

    /// Sets the blacklist, or leaves it as the handler has it.
    pub fn set_blacklist<I>(&mut self, maybe: Option<I>)
    where
        I: IntoIpAddrs,
    {
        self.blacklist = maybe.map(|ips| ips.into_ip_addrs().collect());
    }

    /// Sets the whitelist, or leaves it as the handler has it.
    pub fn set_whitelist<I>(&mut self, maybe: Option<I>)
    where
        I: IntoIpAddrs,
    {
        self.whitelist = maybe.map(|ips| ips.into_ip_addrs().collect());
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
