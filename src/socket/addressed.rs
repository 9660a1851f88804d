//! Sockets whose messages begin with who they are from or to.

/// Gives a socket the methods that keep the address of a message apart from it.
macro_rules! addressed {
    ($name:ident, $address:ty) => {
        impl $name {
            /// Sends a message to that peer, waiting if the socket does.
            ///
            /// # Errors
            /// As [`send_multipart`](crate::prelude::SendMultipart::send_multipart); the error
            /// gives the message back.
            /// - [`HostUnreachable`](crate::ErrorKind::HostUnreachable) if the peer is not there
            ///   and the socket does not drop the message
            pub fn route<M>(
                &self,
                to: &$address,
                parts: M,
            ) -> Result<(), $crate::Error<$crate::Multipart>>
            where
                M: Into<$crate::Multipart>,
            {
                $crate::socket::addressed::route(self, to.to_msg(), parts.into(), true)
            }

            /// Sends a message to that peer if that is possible without waiting.
            ///
            /// # Errors
            /// As [`route`](Self::route), with [`WouldBlock`](crate::ErrorKind::WouldBlock) if it
            /// would have to wait.
            pub fn try_route<M>(
                &self,
                to: &$address,
                parts: M,
            ) -> Result<(), $crate::Error<$crate::Multipart>>
            where
                M: Into<$crate::Multipart>,
            {
                $crate::socket::addressed::route(self, to.to_msg(), parts.into(), false)
            }

            /// Receives a message, and who it is from.
            ///
            /// # Errors
            /// As [`recv_multipart`](crate::prelude::RecvMultipart::recv_multipart).
            pub fn recv_from(&self) -> Result<($address, $crate::Multipart), $crate::Error> {
                $crate::recv::receive_parts(self, true).map($crate::socket::addressed::split)
            }

            /// Receives a message, and who it is from, if one is there.
            ///
            /// # Errors
            /// As [`recv_from`](Self::recv_from), with [`WouldBlock`](crate::ErrorKind::WouldBlock)
            /// if there is none.
            pub fn try_recv_from(&self) -> Result<($address, $crate::Multipart), $crate::Error> {
                $crate::recv::receive_parts(self, false).map($crate::socket::addressed::split)
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
            /// As [`connect`](crate::prelude::Socket::connect). The identity is not used then.
            ///
            /// # In C
            /// `ZMQ_CONNECT_ROUTING_ID`
            pub fn connect_as<E>(
                &self,
                endpoint: E,
                identity: &$address,
            ) -> Result<(), $crate::Error>
            where
                E: TryInto<$crate::addr::Endpoint>,
                E::Error: Into<$crate::Error>,
            {
                // Before the identity is set: it may be code of the user, which may connect.
                let endpoint = endpoint.try_into().map_err(Into::into)?;
                // So may the drop of an owner.
                let _deferred = $crate::raw::DeferDrops::new();
                // C keeps the identity for its next connect: only a call that C sees sets it.
                $crate::socket::attach::<Self, _, _>(endpoint, "connect", |endpoint| {
                    let option = $crate::option::id(libzmq_sys::ZMQ_CONNECT_ROUTING_ID);
                    self.raw.set(option, identity.as_bytes())?;
                    self.raw.connect(endpoint)
                })
            }
        }
    };
}

pub(super) use addressed;

use crate::{
    error::{Error, ErrorKind},
    msg::Msg,
    multipart::Multipart,
    send,
    socket::Socket,
};

pub(super) fn route<S>(
    socket: &S,
    to: Msg,
    mut parts: Multipart,
    wait: bool,
) -> Result<(), Error<Multipart>>
where
    S: Socket,
{
    if parts.is_empty() {
        return Err(Error::invalid("a message has at least one part", "route").giving_back(parts));
    }
    parts.push_front(to);
    // Only a call that does not wait looks again whether the peer is gone, of which C would never
    // tell one that waits.
    let sent = send::send_parts(socket, parts, false).or_else(|mut error| {
        match (error.kind(), error.take()) {
            (ErrorKind::WouldBlock, Some(parts)) if wait => send::send_parts(socket, parts, true),
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
