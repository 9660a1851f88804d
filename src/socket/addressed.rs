//! Sockets whose messages begin with the identity of the peer that they are from or to.

/// Gives a socket the methods that keep the identity of a message apart from it.
macro_rules! addressed {
    ($name:ident) => {
        impl $name {
            /// Sends a message to the peer of that identity, blocking where the socket does.
            ///
            /// An identity is an [`Identity`](crate::Identity), text, or bytes.
            ///
            /// # Errors
            /// As [`send_multipart`](crate::prelude::SendMultipart::send_multipart); each gives the
            /// message back.
            /// - [`HostUnreachable`](crate::ErrorKind::HostUnreachable) if the peer is not
            ///   connected and the socket does not drop the message
            /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) unless the identity has 1 to 255
            ///   bytes, and for more than one part on a [`Stream`](crate::Stream)
            pub fn route<M, I>(
                &self,
                parts: M,
                to: I,
            ) -> Result<(), $crate::Error<$crate::Multipart>>
            where
                M: Into<$crate::Multipart>,
                I: AsRef<[u8]>,
            {
                let wait = $crate::raw::Wait::AsSet;
                $crate::socket::addressed::route(self, to.as_ref(), parts.into(), wait)
            }

            /// Sends a message to the peer of that identity, blocking no longer than that, whatever
            /// the socket's timeout is.
            ///
            /// # Errors
            /// As [`route`](Self::route).
            pub fn route_timeout<M, I, P>(
                &self,
                parts: M,
                to: I,
                limit: P,
            ) -> Result<(), $crate::Error<$crate::Multipart>>
            where
                M: Into<$crate::Multipart>,
                I: AsRef<[u8]>,
                P: Into<$crate::Period>,
            {
                let wait = limit.into().wait();
                $crate::socket::addressed::route(self, to.as_ref(), parts.into(), wait)
            }

            /// Sends a message to the peer of that identity if that is possible without blocking.
            ///
            /// # Errors
            /// As [`route`](Self::route), with [`WouldBlock`](crate::ErrorKind::WouldBlock) if it
            /// would block.
            pub fn try_route<M, I>(
                &self,
                parts: M,
                to: I,
            ) -> Result<(), $crate::Error<$crate::Multipart>>
            where
                M: Into<$crate::Multipart>,
                I: AsRef<[u8]>,
            {
                let wait = $crate::raw::Wait::No;
                $crate::socket::addressed::route(self, to.as_ref(), parts.into(), wait)
            }

            /// Receives a message, and the identity of its sender.
            ///
            /// # Errors
            /// As [`recv_multipart`](crate::prelude::RecvMultipart::recv_multipart).
            #[doc(alias = "ZMQ_MSG_PROPERTY_ROUTING_ID")]
            pub fn recv_from(
                &self,
            ) -> Result<($crate::Identity, $crate::Multipart), $crate::Error> {
                $crate::socket::recv::receive_parts(self, $crate::raw::Wait::AsSet)
                    .map($crate::socket::addressed::split)
            }

            /// Receives a message, and the identity of its sender, waiting no longer than that,
            /// whatever the socket's timeout is; `None` if there was none in that time.
            ///
            /// # Errors
            /// As [`recv_from`](Self::recv_from), but for the timeout.
            pub fn recv_from_timeout<P>(
                &self,
                limit: P,
            ) -> Result<Option<($crate::Identity, $crate::Multipart)>, $crate::Error>
            where
                P: Into<$crate::Period>,
            {
                let received = $crate::socket::recv::receive_parts(self, limit.into().wait());
                $crate::socket::recv::or_none(received.map($crate::socket::addressed::split))
            }

            /// Receives a message, and the identity of its sender, if one is queued.
            ///
            /// # Errors
            /// As [`recv_from`](Self::recv_from), with [`WouldBlock`](crate::ErrorKind::WouldBlock)
            /// if there is none.
            pub fn try_recv_from(
                &self,
            ) -> Result<($crate::Identity, $crate::Multipart), $crate::Error> {
                $crate::socket::recv::receive_parts(self, $crate::raw::Wait::No)
                    .map($crate::socket::addressed::split)
            }

            /// Connects, and gives the peer of this connection an identity. One that the peer
            /// chose itself does not count.
            ///
            /// The identity belongs to the connection, also when that is made anew, and until the
            /// socket disconnects from the endpoint. A connection that has the identity already is
            /// closed. The peer can be routed to at once; with [`immediate`] as soon as the
            /// connection is made.
            ///
            /// [`immediate`]: crate::opt::Immediate
            ///
            /// # Errors
            /// As [`connect`](crate::prelude::Socket::connect), and
            /// [`InvalidInput`](crate::ErrorKind::InvalidInput) unless the identity has 1 to 255
            /// bytes. The identity is not used then.
            ///
            /// # In C
            /// `ZMQ_CONNECT_ROUTING_ID`
            pub fn connect_as<E>(
                &self,
                endpoint: E,
                identity: impl AsRef<[u8]>,
            ) -> Result<(), $crate::Error>
            where
                E: TryInto<$crate::addr::Endpoint>,
                E::Error: Into<$crate::Error>,
            {
                // Before the identity is set: it may be code of the user, which may connect.
                let endpoint = endpoint.try_into().map_err(Into::into)?;
                // So may the drop of an owner.
                let _deferred = $crate::raw::DeferDrops::new();
                let identity = identity.as_ref();
                $crate::Identity::check(identity, "connect")?;
                // C keeps the identity for its next connect: only a call that C sees sets it.
                $crate::socket::attach::<Self, _, _>(endpoint, "connect", |endpoint| {
                    let option = $crate::option::id(libzmq_sys::ZMQ_CONNECT_ROUTING_ID);
                    self.raw.set(option, identity)?;
                    self.raw.connect(endpoint)
                })
            }
        }
    };
}

pub(super) use addressed;

use crate::{
    error::{Error, ErrorKind},
    message::{Identity, Msg, Multipart},
    raw::Wait,
    socket::{Socket, SocketType, send},
};

pub(super) fn route<S>(
    socket: &S,
    to: &[u8],
    mut parts: Multipart,
    wait: Wait,
) -> Result<(), Error<Multipart>>
where
    S: Socket,
{
    if let Err(error) = Identity::check(to, "route") {
        return Err(error.giving_back(parts));
    }
    if parts.is_empty() {
        return Err(Error::invalid("a message has at least one part", "route").giving_back(parts));
    }
    if S::KIND.socket_type == SocketType::Stream && parts.len() > 1 {
        // C sends the first one, and takes the next for the identity of another message.
        const PARTS: &str = "a STREAM socket sends bytes, which have no parts: join them";
        return Err(Error::invalid(PARTS, "route").about(parts.len()).giving_back(parts));
    }
    parts.push_front(to);
    // Only a call that does not block looks again whether the peer is gone, of which C would never
    // tell one that blocks.
    let sent = send::send_parts(socket, parts, Wait::No).or_else(|mut error| {
        match (error.kind(), error.take()) {
            (ErrorKind::WouldBlock, Some(parts)) if wait != Wait::No => {
                send::send_parts(socket, parts, wait)
            }
            (_, parts) => Err(error.cast().giving_back(parts.unwrap_or_default())),
        }
    });
    sent.map_err(|mut error| {
        let mut parts = error.take().unwrap_or_default();
        parts.pop_front();
        error.cast().giving_back(parts)
    })
}

pub(super) fn split<A: From<Msg>>(mut parts: Multipart) -> (A, Multipart) {
    let address = parts.pop_front().unwrap_or_default();
    (address.into(), parts)
}
