//! Values that have no type of their own elsewhere.

use bitflags::bitflags;
use libzmq_sys as sys;

/// How many messages may wait for one peer before the socket is in its mute state: then it blocks,
/// or drops, as its type has it. Zero means no limit.
///
/// ```
/// use libzmq::prelude::*;
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let queue = vec![0; 10];
/// let client = ClientBuilder::new().send_hwm(queue.len()).recv_hwm(HighWaterMark::UNLIMITED).build()?;
/// assert_eq!(client.get(opt::SendHwm)?, HighWaterMark::from(10));
/// assert_eq!(client.recv_hwm()?, 0);
/// #     Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HighWaterMark(pub(super) i32);

impl HighWaterMark {
    /// No limit but memory.
    pub const UNLIMITED: Self = Self(0);

    /// The number of messages, with zero for no limit.
    pub const fn get(self) -> i32 {
        self.0
    }
}

/// The number of messages. What takes a high water mark refuses a negative one.
impl From<i32> for HighWaterMark {
    fn from(messages: i32) -> Self {
        Self(messages)
    }
}

macro_rules! from {
    ($($number:ty),*) => {$(
        /// The number of messages; at most 2147483647, which no queue reaches.
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

/// Values that C numbers.
pub trait Numbered: Copy {
    fn number(self) -> i32;
    fn from_number(number: i32) -> Option<Self>;
}

/// Declares an enum of such values.
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
    /// What kind of name a GSSAPI principal has.
    ///
    /// In a configuration file it is `"host_based"`, `"user_name"` or `"krb5_principal"`.
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
    /// In a configuration file it is `"fixed"`, `"cc"`, `"ccl"`, `"cce"` or `"cce_ecn_only"`.
    NormCongestionControl {
        /// Not at all: the sender keeps the rate of [`Rate`](crate::opt::Rate).
        #[doc(alias = "ZMQ_NORM_FIXED")]
        Fixed "fixed" = ZMQ_NORM_FIXED,
        /// By loss and round trip.
        #[doc(alias = "ZMQ_NORM_CC")]
        Cc "cc" = ZMQ_NORM_CC,
        /// As `Cc`, and tolerates loss that is no congestion.
        #[doc(alias = "ZMQ_NORM_CCL")]
        Ccl "ccl" = ZMQ_NORM_CCL,
        /// By loss and explicit congestion notification (ECN).
        #[doc(alias = "ZMQ_NORM_CCE")]
        Cce "cce" = ZMQ_NORM_CCE,
        /// By explicit congestion notification (ECN) alone.
        #[doc(alias = "ZMQ_NORM_CCE_ECNONLY")]
        CceEcnOnly "cce_ecn_only" = ZMQ_NORM_CCE_ECNONLY,
    }
}

bitflags! {
    /// On what a socket gives up a connection, rather than to try again after
    /// [`ReconnectInterval`](crate::opt::ReconnectInterval).
    ///
    /// A connection that is given up is as one that was disconnected: connect anew to try again.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct ReconnectStop: i32 {
        /// The peer refused the connection, over tcp, ipc and WebSocket.
        #[doc(alias = "ZMQ_RECONNECT_STOP_CONN_REFUSED")]
        const CONNECTION_REFUSED = sys::ZMQ_RECONNECT_STOP_CONN_REFUSED as i32;
        /// The handshake failed: the socket types or mechanisms do not fit, the peer was refused or
        /// broke the protocol, took too long, or hung up. An error after the handshake is not meant.
        #[doc(alias = "ZMQ_RECONNECT_STOP_HANDSHAKE_FAILED")]
        const HANDSHAKE_FAILED = sys::ZMQ_RECONNECT_STOP_HANDSHAKE_FAILED as i32;
        /// The socket disconnected from the endpoint. Otherwise it may connect again for messages
        /// that still wait, for as long as [`Linger`](crate::opt::Linger) says.
        #[doc(alias = "ZMQ_RECONNECT_STOP_AFTER_DISCONNECT")]
        const AFTER_DISCONNECT = sys::ZMQ_RECONNECT_STOP_AFTER_DISCONNECT as i32;
    }
}

bitflags! {
    /// What a [`Router`](crate::Router) is told of its peers, with an empty message from them.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct RouterNotify: i32 {
        /// That a peer came.
        #[doc(alias = "ZMQ_NOTIFY_CONNECT")]
        const CONNECT = sys::ZMQ_NOTIFY_CONNECT as i32;
        /// That a peer went.
        #[doc(alias = "ZMQ_NOTIFY_DISCONNECT")]
        const DISCONNECT = sys::ZMQ_NOTIFY_DISCONNECT as i32;
    }
}
