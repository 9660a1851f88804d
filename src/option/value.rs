//! Types of option values.

use bitflags::bitflags;
use libzmq_sys as sys;

/// A high water mark: how many messages may be queued for one peer. Zero means no limit.
///
/// When the queue is at its high water mark, the socket is in its mute state for this peer: it
/// blocks or drops messages, depending on the socket type.
///
/// ```
/// use libzmq::prelude::*;
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let client =
///     ClientBuilder::new().send_hwm(10).recv_hwm(HighWaterMark::UNLIMITED).build()?;
/// assert_eq!(client.get(opt::SendHwm)?, HighWaterMark::from(10));
/// assert_eq!(client.recv_hwm()?, 0);
/// #     Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HighWaterMark(pub(super) i32);

impl HighWaterMark {
    /// No limit except the memory.
    pub const UNLIMITED: Self = Self(0);

    /// Returns the number of messages. Zero means no limit.
    pub const fn get(self) -> i32 {
        self.0
    }
}

/// Converts a number of messages. Setting a negative one as an option returns an error.
impl From<i32> for HighWaterMark {
    fn from(messages: i32) -> Self {
        Self(messages)
    }
}

macro_rules! from {
    ($($number:ty),*) => {$(
        /// Converts a number of messages. Larger numbers than 2147483647 become 2147483647.
        impl From<$number> for HighWaterMark {
            fn from(messages: $number) -> Self {
                Self(i32::try_from(messages).unwrap_or(i32::MAX))
            }
        }
    )*};
}

from!(u32, usize);

impl From<HighWaterMark> for i32 {
    fn from(mark: HighWaterMark) -> Self {
        mark.0
    }
}

/// An enum whose values have numbers in C.
pub trait Numbered: Copy {
    fn number(self) -> i32;
    fn from_number(number: i32) -> Option<Self>;
}

/// Declares such an enum.
macro_rules! named {
    ($(
        $(#[$doc:meta])*
        $name:ident { $($(#[$variant_doc:meta])* $variant:ident $word:literal = $constant:ident,)* }
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        #[cfg(feature = "serde")]
        impl $name {
            /// The words that stand for the values in a configuration file.
            pub(super) const WORDS: &'static [(&'static str, Self)] =
                &[$(($word, Self::$variant)),*];
        }

        impl Numbered for $name {
            fn number(self) -> i32 {
                match self {
                    $(Self::$variant => sys::$constant as i32,)*
                }
            }

            fn from_number(number: i32) -> Option<Self> {
                [$(Self::$variant),*].into_iter().find(|known| known.number() == number)
            }
        }
    )*};
}

named! {
    /// The name type of a GSSAPI principal.
    ///
    /// In a configuration file: `"host_based"`, `"user_name"` or `"krb5_principal"`.
    GssapiNameType {
        /// The name of a service on a host.
        #[doc(alias = "ZMQ_GSSAPI_NT_HOSTBASED")]
        HostBased "host_based" = ZMQ_GSSAPI_NT_HOSTBASED,
        /// The name of a user.
        #[doc(alias = "ZMQ_GSSAPI_NT_USER_NAME")]
        UserName "user_name" = ZMQ_GSSAPI_NT_USER_NAME,
        /// The name of a Kerberos principal.
        #[doc(alias = "ZMQ_GSSAPI_NT_KRB5_PRINCIPAL")]
        Krb5Principal "krb5_principal" = ZMQ_GSSAPI_NT_KRB5_PRINCIPAL,
    }

    /// How norm controls congestion.
    ///
    /// In a configuration file: `"fixed"`, `"cc"`, `"ccl"`, `"cce"` or `"cce_ecn_only"`.
    NormCongestionControl {
        /// No control: the sender keeps the rate of the option [`Rate`](crate::opt::Rate).
        #[doc(alias = "ZMQ_NORM_FIXED")]
        Fixed "fixed" = ZMQ_NORM_FIXED,
        /// By loss and round trip time.
        #[doc(alias = "ZMQ_NORM_CC")]
        Cc "cc" = ZMQ_NORM_CC,
        /// Like `Cc`, and tolerates loss that is not caused by congestion.
        #[doc(alias = "ZMQ_NORM_CCL")]
        Ccl "ccl" = ZMQ_NORM_CCL,
        /// By loss and explicit congestion notification (ECN).
        #[doc(alias = "ZMQ_NORM_CCE")]
        Cce "cce" = ZMQ_NORM_CCE,
        /// By explicit congestion notification (ECN) only.
        #[doc(alias = "ZMQ_NORM_CCE_ECNONLY")]
        CceEcnOnly "cce_ecn_only" = ZMQ_NORM_CCE_ECNONLY,
    }
}

bitflags! {
    /// The causes that end a connection, instead of a reconnect after
    /// [`ReconnectInterval`](crate::opt::ReconnectInterval).
    ///
    /// After that the socket is disconnected from the endpoint. Call `connect` to try again.
    ///
    /// ```
    /// use libzmq::{ReconnectStop, prelude::*};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let causes = ReconnectStop::CONNECTION_REFUSED | ReconnectStop::HANDSHAKE_FAILED;
    /// let client = ClientBuilder::new().reconnect_stop(causes).build()?;
    /// assert_eq!(client.get(opt::ReconnectStopOn)?, causes);
    /// #     Ok(())
    /// # }
    /// ```
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct ReconnectStop: i32 {
        /// The peer refused the connection, over tcp, ipc and WebSocket.
        #[doc(alias = "ZMQ_RECONNECT_STOP_CONN_REFUSED")]
        const CONNECTION_REFUSED = sys::ZMQ_RECONNECT_STOP_CONN_REFUSED as i32;
        /// The handshake failed: the socket types or mechanisms are incompatible, a credential was
        /// refused, or the peer violated the protocol, took too long, or disconnected. Errors after
        /// the handshake do not count.
        #[doc(alias = "ZMQ_RECONNECT_STOP_HANDSHAKE_FAILED")]
        const HANDSHAKE_FAILED = sys::ZMQ_RECONNECT_STOP_HANDSHAKE_FAILED as i32;
        /// The program called `disconnect`. Without this flag the I/O thread may reconnect to send
        /// queued messages, for at most the period of [`Linger`](crate::opt::Linger).
        #[doc(alias = "ZMQ_RECONNECT_STOP_AFTER_DISCONNECT")]
        const AFTER_DISCONNECT = sys::ZMQ_RECONNECT_STOP_AFTER_DISCONNECT as i32;
    }
}

bitflags! {
    /// The changes that a [`Router`](crate::Router) receives as an empty message of the peer.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct RouterNotify: i32 {
        /// The peer has connected.
        #[doc(alias = "ZMQ_NOTIFY_CONNECT")]
        const CONNECT = sys::ZMQ_NOTIFY_CONNECT as i32;
        /// The peer has disconnected.
        #[doc(alias = "ZMQ_NOTIFY_DISCONNECT")]
        const DISCONNECT = sys::ZMQ_NOTIFY_DISCONNECT as i32;
    }
}
