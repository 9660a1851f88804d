//! Who is let in.

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
};

use super::{
    CurvePublicKey, PlainClientCreds,
    secret::Secret,
    zap::{Origin, Request},
};
use crate::Msg;

/// What the authentication handler of a context goes by. Nobody is registered at first.
#[derive(Default)]
pub(super) struct Rules {
    pub(super) blacklist: IpSet,
    pub(super) whitelist: IpSet,
    plain: HashMap<String, Secret>,
    pub(super) curve: HashSet<CurvePublicKey>,
    /// Whether any key will do.
    pub(super) any_key: bool,
}

/// Addresses, with IPv4 ones that are written as IPv6 taken for what they are.
#[derive(Default)]
pub(super) struct IpSet(HashSet<IpAddr>);

impl IpSet {
    pub(super) fn add(&mut self, ips: impl IntoIterator<Item = IpAddr>) {
        self.0.extend(ips.into_iter().map(|ip| ip.to_canonical()));
    }

    pub(super) fn remove(&mut self, ips: impl IntoIterator<Item = IpAddr>) {
        for ip in ips {
            self.0.remove(&ip.to_canonical());
        }
    }

    pub(super) fn replace(&mut self, ips: impl IntoIterator<Item = IpAddr>) {
        self.0.clear();
        self.add(ips);
    }
}

impl Rules {
    pub(super) fn add_plain(&mut self, creds: impl IntoIterator<Item = PlainClientCreds>) {
        self.plain.extend(creds.into_iter().map(PlainClientCreds::into_parts));
    }

    pub(super) fn remove_plain(&mut self, usernames: &[String]) {
        for username in usernames {
            self.plain.remove(username);
        }
    }

    pub(super) fn replace_plain(&mut self, creds: impl IntoIterator<Item = PlainClientCreds>) {
        self.plain.clear();
        self.add_plain(creds);
    }

    /// The name of a peer that is let in, or why it is not.
    pub(super) fn judge(&self, request: &Request<'_>) -> Result<String, &'static str> {
        self.judge_origin(request.origin)?;
        match (request.mechanism, request.credentials) {
            (b"NULL", []) => Ok(String::new()),
            (b"PLAIN", [username, password]) => self.judge_plain(username, password),
            (b"CURVE", [key]) => self.judge_key(key),
            _ => Err("the mechanism is not known"),
        }
    }

    fn judge_origin(&self, origin: Origin) -> Result<(), &'static str> {
        let (denied, allowed) = (&self.blacklist.0, &self.whitelist.0);
        let good = match origin {
            Origin::Ip(ip) => {
                !denied.contains(&ip) && (allowed.is_empty() || allowed.contains(&ip))
            }
            Origin::Local => true,
            Origin::Unknown => denied.is_empty() && allowed.is_empty(),
        };
        if good { Ok(()) } else { Err("the address is not allowed") }
    }

    fn judge_plain(&self, username: &Msg, password: &Msg) -> Result<String, &'static str> {
        // The same for an unknown name and a wrong password.
        const WRONG: &str = "the user name or the password is wrong";

        let (Ok(username), Ok(password)) = (username.to_str(), password.to_str()) else {
            return Err(WRONG);
        };
        let password = Secret::new(password.to_owned());
        match self.plain.get(username) {
            Some(known) if *known == password => Ok(username.to_owned()),
            _ => Err(WRONG),
        }
    }

    fn judge_key(&self, key: &Msg) -> Result<String, &'static str> {
        let Ok(bytes) = key.as_bytes().try_into() else { return Err("the key is none") };
        let key = CurvePublicKey::from_bytes(bytes);
        if self.any_key || self.curve.contains(&key) {
            Ok(key.as_str().to_owned())
        } else {
            Err("the key is not known")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(
        rules: &Rules,
        address: &str,
        mechanism: &str,
        credentials: &[&[u8]],
    ) -> Result<String, &'static str> {
        let head = ["peer", "", "1.0", "1", "global", address, "", mechanism].map(Msg::from);
        let parts: Vec<Msg> =
            head.into_iter().chain(credentials.iter().map(|bytes| Msg::from(*bytes))).collect();
        Request::read(&parts).map_or(Err("no request"), |request| rules.judge(&request))
    }

    #[test]
    fn addresses() {
        let ip = |text: &str| text.parse::<IpAddr>();
        let asks = |rules: &Rules, address| verdict(rules, address, "NULL", &[]).is_ok();

        let mut rules = Rules::default();
        assert!(asks(&rules, "10.0.0.1") && asks(&rules, "") && asks(&rules, "localhost:1:2:3"));
        rules.blacklist.add(ip("::ffff:10.0.0.1"));
        assert!(!asks(&rules, "10.0.0.1") && !asks(&rules, "::ffff:10.0.0.1") && !asks(&rules, ""));
        assert!(asks(&rules, "10.0.0.2") && asks(&rules, "localhost:1:2:3"));
        rules.whitelist.add(["10.0.0.1", "10.0.0.3"].iter().flat_map(|text| ip(text)));
        assert!(!asks(&rules, "10.0.0.1") && !asks(&rules, "10.0.0.2") && asks(&rules, "10.0.0.3"));
        assert!(asks(&rules, "localhost"));
        rules.blacklist.remove(ip("10.0.0.1"));
        rules.whitelist.replace(ip("10.0.0.2"));
        assert!(!asks(&rules, "10.0.0.1") && asks(&rules, "::ffff:10.0.0.2") && !asks(&rules, ""));
    }

    #[test]
    fn names_and_passwords() {
        let asks = |rules: &Rules, name: &[u8], password: &[u8]| {
            verdict(rules, "10.0.0.1", "PLAIN", &[name, password])
        };

        let mut rules = Rules::default();
        assert!(asks(&rules, b"a", b"b").is_err());
        rules.add_plain([PlainClientCreds::new("a", "b")]);
        assert_eq!(asks(&rules, b"a", b"b"), Ok("a".into()));
        for (name, password) in [
            (&b"a"[..], &b"c"[..]),
            (b"b", b"b"),
            (b"", b""),
            (b"a", b""),
            (b"a", b"\xff"),
            (b"\xff", b"b"),
        ] {
            assert!(asks(&rules, name, password).is_err());
        }
        rules.replace_plain([PlainClientCreds::new("c", "d")]);
        assert!(asks(&rules, b"a", b"b").is_err() && asks(&rules, b"c", b"d").is_ok());
        rules.remove_plain(&["c".into()]);
        assert!(asks(&rules, b"c", b"d").is_err());
    }

    #[test]
    fn keys() {
        let key = CurvePublicKey::from_bytes(&[7; 32]);
        let asks = |rules: &Rules| verdict(rules, "10.0.0.1", "CURVE", &[&[7; 32]]);

        let mut rules = Rules::default();
        assert!(asks(&rules).is_err());
        rules.any_key = true;
        assert_eq!(asks(&rules), Ok(key.as_str().into()));
        rules.any_key = false;
        rules.curve.insert(key.clone());
        assert_eq!(asks(&rules), Ok(key.as_str().into()));
        assert!(verdict(&rules, "10.0.0.1", "CURVE", &[&[7; 31]]).is_err());
        assert!(verdict(&rules, "10.0.0.1", "CURVE", &[&[8; 32]]).is_err());
    }

    #[test]
    fn other_mechanisms_and_credentials() {
        let rules = Rules { any_key: true, ..Rules::default() };
        for (mechanism, credentials) in [
            ("GSSAPI", &[&b"principal"[..]][..]),
            ("", &[]),
            ("null", &[]),
            ("NULL", &[b"x"]),
            ("PLAIN", &[]),
            ("PLAIN", &[b"x"]),
            ("CURVE", &[]),
        ] {
            assert!(verdict(&rules, "10.0.0.1", mechanism, credentials).is_err(), "{mechanism}");
        }
    }
}
