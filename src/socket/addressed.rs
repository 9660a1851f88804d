//! The methods of [`Router`](crate::Router) and [`Stream`](crate::Stream) that keep the identity of
//! a peer apart from the message.

/// Gives a socket type these methods. Each is one call of a function below with its way to wait.
macro_rules! addressed {
    ($name:ident) => {
        impl $name {
            /// Sends a message to the peer with this identity.
            ///
            /// Blocks or drops the message as described at "Mute state" on the page of the socket
            /// type. It blocks at most for the socket's
            /// [timeout](crate::prelude::Sends::set_send_timeout). The identity is an
            /// [`Identity`](crate::Identity), text, or bytes.
            ///
            /// # Errors
            /// Each error contains the message without the identity.
            /// - [`HostUnreachable`](crate::ErrorKind::HostUnreachable) if the peer is not
            ///   connected, unless the socket drops such messages
            /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) unless the identity has 1 to 255
            ///   bytes, for a message without frames, and for more than one frame on a
            ///   [`Stream`](crate::Stream)
            /// - [`WouldBlock`](crate::ErrorKind::WouldBlock) when the timeout has passed
            /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down, also
            ///   during the call
            ///
            /// # C API
            /// `zmq_msg_send` of the identity and the message, with `ZMQ_SNDMORE`
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

            /// Sends a message to the peer with this identity, blocking at most for `limit`, which
            /// replaces the socket's timeout in this call.
            ///
            /// # Errors
            /// Those of [`route`](Self::route).
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

            /// Sends a message to the peer with this identity, without blocking.
            ///
            /// # Errors
            /// Those of [`route`](Self::route), with [`WouldBlock`](crate::ErrorKind::WouldBlock)
            /// where `route` would block.
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

            /// Receives the next message and the identity of its sender, blocking until one arrives
            /// or the socket's [timeout](crate::prelude::Receives::set_recv_timeout) has passed.
            ///
            /// # Errors
            /// Those of [`recv_multipart`](crate::prelude::RecvMultipart::recv_multipart).
            ///
            /// # C API
            /// `zmq_msg_recv`, `ZMQ_RCVMORE`
            #[doc(alias = "ZMQ_MSG_PROPERTY_ROUTING_ID")]
            pub fn recv_from(
                &self,
            ) -> Result<($crate::Identity, $crate::Multipart), $crate::Error> {
                $crate::socket::recv::receive_parts(self, $crate::raw::Wait::AsSet)
                    .map($crate::socket::addressed::split)
            }

            /// Receives the next message and the identity of its sender, blocking at most for
            /// `limit`, which replaces the socket's timeout in this call. Returns `None` if no
            /// message arrived.
            ///
            /// # Errors
            /// Those of [`recv_from`](Self::recv_from), except the timeout.
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

            /// Receives the next message and the identity of its sender, without blocking.
            ///
            /// # Errors
            /// Those of [`recv_from`](Self::recv_from), with
            /// [`WouldBlock`](crate::ErrorKind::WouldBlock) if no message is queued.
            pub fn try_recv_from(
                &self,
            ) -> Result<($crate::Identity, $crate::Multipart), $crate::Error> {
                $crate::socket::recv::receive_parts(self, $crate::raw::Wait::No)
                    .map($crate::socket::addressed::split)
            }

            /// Connects to an endpoint and gives the peer there an identity, which replaces the one
            /// that the peer chose.
            ///
            /// Returns before the connection is made. [`route`](Self::route) can send to the peer
            /// at once; with the option [`Immediate`](crate::opt::Immediate) when the connection is
            /// made. The peer keeps the identity when it reconnects, until the socket disconnects
            /// from the endpoint. If another peer has the identity, that connection is closed.
            ///
            /// ```
            /// use libzmq::prelude::*;
            ///
            /// # fn main() -> Result<(), anyhow::Error> {
            /// let worker = DealerBuilder::new().bind("inproc://connect-as").build()?;
            /// let router = Router::new()?;
            /// router.connect_as("inproc://connect-as", "worker")?;
            /// router.route("task", "worker")?;
            /// assert_eq!(worker.recv_msg()?, "task");
            /// #     Ok(())
            /// # }
            /// ```
            ///
            /// # Errors
            /// Those of [`connect`](crate::prelude::Socket::connect), and
            /// [`InvalidInput`](crate::ErrorKind::InvalidInput) unless the identity has 1 to 255
            /// bytes. After an error the identity is not used.
            ///
            /// # C API
            /// `ZMQ_CONNECT_ROUTING_ID`, `zmq_connect`
            #[doc(alias = "set_connect_routing_id")]
            pub fn connect_as<E>(
                &self,
                endpoint: E,
                identity: impl AsRef<[u8]>,
            ) -> Result<(), $crate::Error>
            where
                E: TryInto<$crate::addr::Endpoint>,
                E::Error: Into<$crate::Error>,
            {
                // User code runs here, and may connect the socket: convert before the identity is
                // set. Dropping an owner may run user code too.
                let endpoint = endpoint.try_into().map_err(Into::into)?;
                let _deferred = $crate::raw::DeferDrops::new();
                let identity = identity.as_ref();
                $crate::Identity::check(identity, "connect")?;
                // libzmq uses the identity for its next connect: set it only if one follows.
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
        return Err(Error::invalid("a message has at least one frame", "route").giving_back(parts));
    }
    if S::KIND.socket_type == SocketType::Stream && parts.len() > 1 {
        // libzmq sends the first frame, and takes the next one as another identity.
        const PARTS: &str = "a STREAM socket sends bytes without frames: join them";
        return Err(Error::invalid(PARTS, "route").about(parts.len()).giving_back(parts));
    }
    parts.push_front(to);
    // The attempt without blocking finds out whether the peer has gone. A call that blocks in
    // libzmq would not.
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
