//! The `Debug` output of a builder.

use std::fmt;

use super::Builder;
use crate::{addr::Endpoint, option::Show, socket::Socket};

/// Formats the values that were set, as the methods take them. Secrets are left out.
///
/// ```
/// use libzmq::prelude::*;
/// use std::time::Duration;
///
/// let mut builder = ServerBuilder::new();
/// builder.bind("tcp://127.0.0.1:*").recv_timeout(Duration::from_millis(250)).recv_hwm(10);
/// assert_eq!(
///     format!("{builder:?}"),
///     r#"ServerBuilder { bind: ["tcp://127.0.0.1:*"], recv_hwm: 10, recv_timeout: 250ms }"#
/// );
/// ```
impl<S: Socket> fmt::Debug for Builder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct(&format!("{}Builder", S::KIND.socket_type));
        for (name, endpoints) in [("bind", &self.bind), ("connect", &self.connect)] {
            if !endpoints.is_empty() {
                let endpoints: Vec<_> = endpoints.iter().map(Endpoint::to_string).collect();
                fields.field(name, &endpoints);
            }
        }
        if let Some(mechanism) = &self.mechanism {
            fields.field("mechanism", mechanism);
        }
        if let Some(spin) = self.spin {
            fields.field("spin", &spin);
        }
        if let (Some(name), false) = (S::INTEREST, self.interests.is_empty()) {
            let interests: Vec<_> =
                self.interests.iter().map(|interest| String::from_utf8_lossy(interest)).collect();
            fields.field(name, &interests);
        }
        for (row, value) in self.options() {
            if row.secret {
                fields.field(row.name, &format_args!("(secret)"));
            } else {
                fields.field(row.name, &Value { show: row.show, bytes: value });
            }
        }
        if let Some(refused) = &self.refused {
            fields.field("refused", &format_args!("{refused}"));
        }
        fields.finish()
    }
}

/// The value of an option, in the bytes of C.
struct Value<'a> {
    show: Show,
    bytes: &'a [u8],
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.show)(self.bytes, f)
    }
}
