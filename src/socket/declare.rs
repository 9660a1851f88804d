//! How a type of socket is declared: each file beside this one does so, and adds only what its type
//! alone can do.

/// Declares a socket type: a struct over a shared or exclusive socket of C and what is kept beside
/// it, and the traits that it has.
///
/// `socket_type! { /// documentation Dish, DishBuilder, DishConfig: Shared<Joined>, [Receives
/// RecvMsg], interest: "join" join }`
///
/// `interest` names the method with which a socket says what it wants to receive, and the key for
/// that in a configuration. With `Routes` among the traits each message goes to the peer that its
/// routing id names.
macro_rules! socket_type {
    (
        $(#[$doc:meta])*
        $name:ident, $builder:ident, $config:ident: $sharing:ident<$state:ty>, [$($capability:ident)*]
        $(, over: $transports:ident)?
        $(, interest: $key:literal $enter:ident)?
    ) => {
        $(#[$doc])*
        pub struct $name {
            raw: $crate::raw::$sharing<$state>,
        }

        impl $crate::raw::HasRaw for $name {
            #[inline]
            fn raw(&self) -> &$crate::raw::Socket {
                &self.raw
            }
        }

        impl $crate::socket::sealed::Sealed for $name {
            const KIND: $crate::socket::Kind = $crate::socket::Kind {
                socket_type: $crate::socket::SocketType::$name,
                thread_safe: socket_type!(@thread_safe $sharing),
                sends: socket_type!(@has Sends $($capability)*),
                receives: socket_type!(@has Receives $($capability)*),
                heartbeats: socket_type!(@has Heartbeating $($capability)*),
                routes: socket_type!(@has Routes $($capability)*),
                transports: socket_type!(@transports $($transports)?),
            };

            fn create(context: std::sync::Arc<$crate::raw::Context>) -> Result<Self, $crate::raw::Errno> {
                let raw = $crate::raw::$sharing::new(context, Self::KIND.socket_type as i32)?;
                Ok(Self { raw })
            }

            socket_type!(@unread $sharing);

            $(
                const INTEREST: Option<&'static str> = Some($key);

                fn take_interest(&self, interest: &[u8]) -> Result<(), $crate::Error> {
                    self.$enter(interest)
                }
            )?
        }

        impl $crate::socket::Socket for $name {}
        $(socket_type!(@capability $capability $name);)*

        impl From<std::rc::Rc<$name>> for $crate::poll::Pollable<'_> {
            fn from(socket: std::rc::Rc<$name>) -> Self {
                Self($crate::raw::Source::HeldSocket(socket))
            }
        }

        socket_type!(@sharing $sharing $name);

        impl $name {
            #[doc = concat!(
                "A ", stringify!($name), " in the [global context](crate::Ctx::global), ",
                "with the default options."
            )]
            ///
            /// # Errors
            /// [`SocketLimit`](crate::ErrorKind::SocketLimit), or
            /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown.
            pub fn new() -> Result<Self, $crate::Error> {
                $builder::new().build()
            }

            #[doc = concat!("A ", stringify!($name), " in that context, with the default options.")]
            ///
            /// # Errors
            /// As [`new`](Self::new).
            pub fn with_ctx(handle: $crate::CtxHandle) -> Result<Self, $crate::Error> {
                $builder::new().with_ctx(handle)
            }

            /// The context that the socket was made in.
            pub fn ctx(&self) -> $crate::CtxHandle {
                $crate::socket::Socket::ctx(self)
            }
        }

        /// Shows the type, the context and the last endpoint.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::socket::debug(self, f)
            }
        }

        /// Whether both are the same socket.
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.raw.same(&other.raw)
            }
        }

        impl Eq for $name {}

        #[doc = concat!("Builds a [`", stringify!($name), "`].")]
        pub type $builder = $crate::socket::builder::Builder<$name>;

        #[doc = concat!(
            "The configuration of a [`", stringify!($name), "`]: the same as its builder."
        )]
        pub type $config = $crate::socket::builder::Builder<$name>;
    };

    (@thread_safe Shared) => { true };
    (@thread_safe Exclusive) => { false };

    (@transports) => { $crate::socket::Transports::Zmtp };
    (@transports $transports:ident) => { $crate::socket::Transports::$transports };

    (@has $wanted:ident) => { false };
    (@has Sends Sends $($rest:ident)*) => { true };
    (@has Receives Receives $($rest:ident)*) => { true };
    (@has Heartbeating Heartbeating $($rest:ident)*) => { true };
    (@has Routes Routes $($rest:ident)*) => { true };
    (@has $wanted:ident $other:ident $($rest:ident)*) => { socket_type!(@has $wanted $($rest)*) };

    (@capability Sends $name:ident) => { impl $crate::socket::send::Sends for $name {} };
    (@capability Receives $name:ident) => { impl $crate::socket::recv::Receives for $name {} };
    (@capability SendMsg $name:ident) => { impl $crate::socket::send::SendMsg for $name {} };
    (@capability RecvMsg $name:ident) => { impl $crate::socket::recv::RecvMsg for $name {} };
    (@capability SendMultipart $name:ident) => { impl $crate::socket::send::SendMultipart for $name {} };
    (@capability RecvMultipart $name:ident) => { impl $crate::socket::recv::RecvMultipart for $name {} };
    (@capability Heartbeating $name:ident) => { impl $crate::socket::heartbeat::Heartbeating for $name {} };
    (@capability Subscribes $name:ident) => { impl $crate::socket::Subscribes for $name {} };
    (@capability Routes $name:ident) => {
        impl $name {
            /// Sends a message to the peer of that routing id: sets the message's routing id, and
            /// [sends](crate::prelude::SendMsg::send) it.
            ///
            /// # Errors
            /// As `send`.
            pub fn route<M>(&self, msg: M, id: $crate::RoutingId) -> Result<(), $crate::Error<$crate::Msg>>
            where
                M: Into<$crate::Msg>,
            {
                let mut msg = std::mem::ManuallyDrop::new(msg.into());
                msg.set_routing_id(id);
                $crate::socket::send::transfer(self, &mut msg, $crate::raw::Wait::AsSet)
            }

            /// Sends a message to the peer of that routing id, blocking no longer than that,
            /// whatever the socket's timeout is: sets the message's routing id, and
            /// [sends](crate::prelude::SendMsg::send_msg_timeout) it.
            ///
            /// # Errors
            /// As `send`.
            pub fn route_timeout<M, P>(
                &self,
                msg: M,
                id: $crate::RoutingId,
                limit: P,
            ) -> Result<(), $crate::Error<$crate::Msg>>
            where
                M: Into<$crate::Msg>,
                P: Into<$crate::Period>,
            {
                let mut msg = std::mem::ManuallyDrop::new(msg.into());
                msg.set_routing_id(id);
                $crate::socket::send::transfer(self, &mut msg, limit.into().wait())
            }

            /// Sends a message to the peer of that routing id if that is possible without waiting:
            /// sets the message's routing id, and [tries to
            /// send](crate::prelude::SendMsg::try_send) it.
            ///
            /// # Errors
            /// As `try_send`.
            pub fn try_route<M>(&self, msg: M, id: $crate::RoutingId) -> Result<(), $crate::Error<$crate::Msg>>
            where
                M: Into<$crate::Msg>,
            {
                let mut msg = std::mem::ManuallyDrop::new(msg.into());
                msg.set_routing_id(id);
                $crate::socket::send::transfer(self, &mut msg, $crate::raw::Wait::No)
            }
        }
    };

    (@sharing Shared $name:ident) => {
        /// Another hold of the same socket, which closes when the last is dropped.
        impl Clone for $name {
            fn clone(&self) -> Self {
                Self { raw: self.raw.clone() }
            }
        }

        impl From<&$name> for $crate::poll::Pollable<'_> {
            fn from(socket: &$name) -> Self {
                Self($crate::raw::Source::HeldSocket(std::rc::Rc::new(socket.clone())))
            }
        }
    };
    (@sharing Exclusive $name:ident) => {
        impl $name {
            /// The file descriptor of the socket's signaler, for an event loop of the program's own.
            /// The easy way is `Async`, with the feature `tokio` or `async-io`, or a
            /// [`Poller`](crate::poll::Poller).
            ///
            /// The descriptor never becomes writable, and becomes readable when the socket *may*
            /// have become ready, not while it is ready. So:
            /// - Call [`poll`](crate::prelude::Socket::poll) with a timeout of zero after each
            ///   wakeup, and before the first wait.
            /// - Any call on the socket takes the signal. Before each wait, receive or send until
            ///   `poll` no longer reports the socket as ready.
            /// - Never read from the descriptor, write to it or close it.
            ///
            /// Unix only. A thread-safe socket has none.
            ///
            /// ```
            /// use libzmq::{poll::READABLE, prelude::*};
            /// use std::{os::fd::AsRawFd, time::Duration};
            ///
            /// # fn main() -> Result<(), anyhow::Error> {
            /// let dealer = DealerBuilder::new().bind("inproc://fd").build()?;
            /// assert!(dealer.fd()?.as_raw_fd() >= 0);
            /// while dealer.poll(READABLE, Duration::ZERO)?.contains(READABLE) {
            ///     dealer.recv_msg()?;
            /// }
            /// // Now wait until the descriptor is readable.
            /// #     Ok(())
            /// # }
            /// ```
            ///
            /// # Errors
            /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown.
            ///
            /// # C API
            /// `ZMQ_FD`
            #[cfg(unix)]
            #[doc(alias = "ZMQ_FD")]
            #[doc(alias = "as_fd")]
            pub fn fd(&self) -> Result<std::os::fd::BorrowedFd<'_>, $crate::Error> {
                $crate::raw::HasRaw::raw(self)
                    .descriptor()
                    .map_err(|errno| $crate::Error::c(errno, "get file descriptor"))
            }
        }

        impl<'a> From<&'a $name> for $crate::poll::Pollable<'a> {
            fn from(socket: &'a $name) -> Self {
                Self($crate::raw::Source::Socket($crate::raw::HasRaw::raw(socket)))
            }
        }
    };

    (@unread Shared) => {};
    (@unread Exclusive) => {
        fn unread(&self) -> Option<&$crate::message::Unread> {
            Some(self.raw.state())
        }
    };
}

pub(super) use socket_type;
