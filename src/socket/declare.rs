//! The macro that declares a socket type. The file of a pattern calls it, and adds the methods that
//! only this type has.

/// Declares a socket type: the struct, its traits, its builder, and the list of methods on its
/// page.
///
/// `socket_type! { /// documentation Dish, DishBuilder, DishConfig: Shared<Joined>, [Receives
/// RecvMsg], interest: "join" join }`
///
/// - `Shared` makes a thread-safe socket, `Exclusive` a single-threaded one. The type in brackets
///   is what the typed layer keeps beside the socket.
/// - The list in square brackets has the traits. `Routes` makes each message go to the peer whose
///   routing id it carries.
/// - `over` gives the transports if they differ from those that carry ZMTP.
/// - `interest` gives the method that subscribes or joins, and its key in a configuration.
macro_rules! socket_type {
    (
        $(#[$doc:meta])*
        $name:ident, $builder:ident, $config:ident: $sharing:ident<$state:ty>,
        [$($capability:ident)*]
        $(, over: $transports:ident)?
        $(, interest: $key:literal $enter:ident)?
    ) => {
        $(#[$doc])*
        #[doc = methods!($name $($capability)*)]
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

            fn create(
                context: std::sync::Arc<$crate::raw::Context>,
            ) -> Result<Self, $crate::raw::Errno> {
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
                "Creates a `", stringify!($name), "` in the [global context](crate::Ctx::global) ",
                "with the default options."
            )]
            ///
            /// # Errors
            /// - [`SocketLimit`](crate::ErrorKind::SocketLimit) if the context or the process can
            ///   have no more sockets
            /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down
            ///
            /// # C API
            /// `zmq_socket`
            pub fn new() -> Result<Self, $crate::Error> {
                $builder::new().build()
            }

            #[doc = concat!(
                "Creates a `", stringify!($name), "` in a context with the default options."
            )]
            ///
            /// # Errors
            /// Those of [`new`](Self::new).
            ///
            /// # C API
            /// `zmq_socket`
            pub fn with_ctx(handle: $crate::CtxHandle) -> Result<Self, $crate::Error> {
                $builder::new().with_ctx(handle)
            }

            /// Returns a handle of the context that the socket belongs to.
            pub fn ctx(&self) -> $crate::CtxHandle {
                $crate::socket::Socket::ctx(self)
            }
        }

        /// Formats the type, the context and the last endpoint.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::socket::debug(self, f)
            }
        }

        /// Two values are equal if they are the same socket.
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.raw.same(&other.raw)
            }
        }

        impl Eq for $name {}

        #[doc = concat!("The [`Builder`](crate::Builder) of a [`", stringify!($name), "`].")]
        pub type $builder = $crate::socket::builder::Builder<$name>;

        #[doc = concat!(
            "The configuration of a [`", stringify!($name), "`], which is its builder."
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

    (@capability Sends $name:ident) => { impl $crate::prelude::Sends for $name {} };
    (@capability SendMsg $name:ident) => { impl $crate::prelude::SendMsg for $name {} };
    (@capability SendMultipart $name:ident) => { impl $crate::prelude::SendMultipart for $name {} };
    (@capability Receives $name:ident) => { impl $crate::prelude::Receives for $name {} };
    (@capability RecvMsg $name:ident) => { impl $crate::prelude::RecvMsg for $name {} };
    (@capability RecvMultipart $name:ident) => { impl $crate::prelude::RecvMultipart for $name {} };
    (@capability Heartbeating $name:ident) => { impl $crate::prelude::Heartbeating for $name {} };
    (@capability Subscribes $name:ident) => { impl $crate::prelude::Subscribes for $name {} };
    (@capability Routes $name:ident) => {
        impl $name {
            /// Sends a message to a peer, blocking while the queue of this peer is at its high
            /// water mark.
            ///
            /// Sets the message's routing id and [sends](crate::prelude::SendMsg::send) it.
            ///
            /// # Errors
            /// Those of `send`: [`HostUnreachable`](crate::ErrorKind::HostUnreachable) if the peer
            /// has gone.
            ///
            /// # C API
            /// `zmq_msg_set_routing_id`, `zmq_msg_send`
            pub fn route<M>(
                &self,
                msg: M,
                id: $crate::RoutingId,
            ) -> Result<(), $crate::Error<$crate::Msg>>
            where
                M: Into<$crate::Msg>,
            {
                let mut msg = msg.into();
                msg.set_routing_id(id);
                $crate::socket::send::transfer(self, msg, $crate::raw::Wait::AsSet)
            }

            /// Sends a message to a peer, blocking at most for `limit`, which replaces the socket's
            /// timeout in this call.
            ///
            /// Sets the message's routing id and
            /// [sends](crate::prelude::SendMsg::send_msg_timeout) it.
            ///
            /// # Errors
            /// Those of `send`.
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
                let mut msg = msg.into();
                msg.set_routing_id(id);
                $crate::socket::send::transfer(self, msg, limit.into().wait())
            }

            /// Sends a message to a peer without blocking.
            ///
            /// Sets the message's routing id and [tries to send](crate::prelude::SendMsg::try_send)
            /// it.
            ///
            /// # Errors
            /// Those of `try_send`.
            pub fn try_route<M>(
                &self,
                msg: M,
                id: $crate::RoutingId,
            ) -> Result<(), $crate::Error<$crate::Msg>>
            where
                M: Into<$crate::Msg>,
            {
                let mut msg = msg.into();
                msg.set_routing_id(id);
                $crate::socket::send::transfer(self, msg, $crate::raw::Wait::No)
            }
        }
    };

    (@sharing Shared $name:ident) => {
        /// Returns another handle of the same socket. The socket closes when the last handle is
        /// dropped.
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
            /// Returns the file descriptor of the socket's signaler, for an event loop of your own.
            /// Unix only.
            ///
            /// It is easier to use [`Async`](crate#async) or a [`Poller`](crate::poll::Poller).
            ///
            /// The descriptor becomes readable when the socket *may* have become ready. It is
            /// edge-triggered: it does not stay readable while messages are queued. It never
            /// becomes writable.
            /// - Call [`poll`](crate::prelude::Socket::poll) with a timeout of zero before the
            ///   first wait and after each wakeup.
            /// - Any call on the socket may reset the signal. Before each wait, receive or send
            ///   until `poll` no longer reports the socket as ready.
            /// - Never read from the descriptor, write to it or close it.
            ///
            /// The descriptor stays open as long as the socket, which the result borrows.
            /// Thread-safe sockets have no such descriptor.
            ///
            /// The socket does not implement `AsFd`, since code that accepts any `AsFd` waits for a
            /// level. A [`BorrowedFd`](std::os::fd::BorrowedFd) is `AsFd`, where that is wanted.
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
            /// // Now the event loop can wait until the descriptor is readable.
            /// #     Ok(())
            /// # }
            /// ```
            ///
            /// # Errors
            /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down.
            ///
            /// # C API
            /// `ZMQ_FD`
            #[cfg(unix)]
            #[doc(alias = "ZMQ_FD")]
            #[doc(alias = "as_fd")]
            #[doc(alias = "get_fd")]
            #[doc(alias = "fileno")]
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
