//! Messages, and the routing ids, identities and groups that they carry.

mod compare;
mod convert;
#[cfg(feature = "serde")]
mod file;
mod group;
mod identity;
mod multipart;
mod routing_id;
mod text;

pub use group::{Group, GroupParseError, GroupSlice, MAX_GROUP_SIZE};
pub use identity::Identity;
pub(crate) use multipart::Kept;
pub use multipart::{Multipart, Unread};
pub use routing_id::RoutingId;

use std::{
    ffi::{CStr, CString},
    fmt,
    hash::{Hash, Hasher},
    net::Ipv4Addr,
    ops::Deref,
    str::{self, Utf8Error},
};

use crate::{
    error::Error,
    raw::{Errno, Message},
};

/// A message, or one frame of a multipart message: bytes, and what libzmq knows about them.
///
/// A `Msg` is [`Send`] and [`Sync`] and is 64 bytes large. Up to 33 bytes of content are inline;
/// larger content is on the heap, and clones share it:
///
/// ```
/// use libzmq::Msg;
///
/// let msg = Msg::from(vec![7; 1_000_000]);
/// let clones = vec![msg.clone(); 100];
/// assert!(clones.iter().all(|clone| clone.as_bytes().as_ptr() == msg.as_bytes().as_ptr()));
/// ```
///
/// # Zero copy
/// These conversions do not copy the bytes, except up to 33 bytes, where a copy is faster:
///
/// | From | With |
/// |:---|:---|
/// | [`Vec<u8>`], [`String`], `Box<[u8]>`, `Box<str>` | `Msg::from` |
/// | `Bytes`, with the feature `bytes` | `Msg::from`, and `Bytes::from` back |
/// | any `AsRef<[u8]> + Send + 'static`, such as `Arc<[u8]>` | [`from_owner`](Self::from_owner) |
/// | `&'static [u8]` | [`from_static`](Self::from_static) |
///
/// ```
/// use libzmq::Msg;
///
/// let text = String::from("a text that is longer than thirty-three bytes");
/// let address = text.as_ptr();
///
/// let msg = Msg::from(text);
/// assert_eq!(msg.as_bytes().as_ptr(), address);
/// ```
///
/// # C API
/// `zmq_msg_t` and the functions `zmq_msg_*`
#[doc(alias = "zmq_msg_t")]
#[doc(alias = "zmq_msg_copy")]
#[doc(alias = "Message")]
#[doc(alias = "Frame")]
#[doc(alias = "zframe")]
pub struct Msg(Message);

impl Msg {
    /// Creates an empty message.
    ///
    /// ```
    /// # use libzmq::Msg;
    /// assert!(Msg::new().is_empty());
    /// ```
    #[inline]
    #[doc(alias = "zmq_msg_init")]
    pub fn new() -> Self {
        Self(Message::new())
    }

    /// Creates a message of `size` zero bytes.
    ///
    /// Aborts the process if there is not enough memory, like `Vec::with_capacity`.
    /// [`try_with_size`](Self::try_with_size) returns an error instead.
    ///
    /// ```
    /// # use libzmq::Msg;
    /// assert_eq!(Msg::with_size(420).len(), 420);
    /// ```
    #[doc(alias = "zmq_msg_init_size")]
    pub fn with_size(size: usize) -> Self {
        Self(or_exhausted(Message::zeroed(size), size))
    }

    /// Creates a message of `size` zero bytes, or returns an error if there is not enough memory.
    ///
    /// ```
    /// # use libzmq::Msg;
    /// assert!(Msg::try_with_size(1 << 60).is_err());
    /// ```
    ///
    /// # Errors
    /// [`Os`](crate::ErrorKind::Os) with `ENOMEM`
    pub fn try_with_size(size: usize) -> Result<Self, Error> {
        Message::zeroed(size)
            .map(Self)
            .map_err(|errno| Error::c(errno, "allocate message").about(size))
    }

    /// Creates a message from static bytes without a copy.
    ///
    /// ```
    /// # use libzmq::Msg;
    /// static PAGE: &[u8] = &[b' '; 4096];
    /// assert_eq!(Msg::from_static(PAGE).as_bytes().as_ptr(), PAGE.as_ptr());
    /// ```
    pub fn from_static(bytes: &'static [u8]) -> Self {
        Self(or_exhausted(Message::from_static(bytes), size_of::<Message>()))
    }

    /// Creates a message from the bytes of `owner` without a copy.
    ///
    /// The owner is dropped after the last clone of the message, including those that were received
    /// over inproc. It is never dropped inside libzmq:
    /// - If a call of this crate frees the message, the owner is dropped on the thread of the call,
    ///   after the call. The drop may make any call, also on the same socket. It must not take a
    ///   lock that the program holds during calls on sockets.
    /// - If an I/O thread or a call that blocks frees the message, the thread `zmq-reclaim` drops
    ///   the owner. It drops one owner after the other, so a drop that blocks delays the others. At
    ///   the end of the process, owners that are left are not dropped.
    ///
    /// If the drop panics, the panic is caught.
    ///
    /// ```
    /// # use libzmq::Msg;
    /// use std::sync::Arc;
    ///
    /// let shared: Arc<[u8]> = vec![1; 1000].into();
    /// let msg = Msg::from_owner(shared.clone());
    /// assert_eq!(msg.as_bytes().as_ptr(), shared.as_ptr());
    /// ```
    #[doc(alias = "zmq_msg_init_data")]
    pub fn from_owner<O>(owner: O) -> Self
    where
        O: AsRef<[u8]> + Send + 'static,
    {
        Self(or_exhausted(Message::from_owner(owner), size_of::<Message>()))
    }

    #[inline]
    fn copied(bytes: &[u8]) -> Self {
        Self(Message::copied(bytes, exhausted))
    }

    /// Returns the number of bytes.
    #[inline]
    #[doc(alias = "zmq_msg_size")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether the message has no bytes.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the bytes as text, or an error if they are not UTF-8.
    ///
    /// ```
    /// # use libzmq::Msg;
    /// assert_eq!(Msg::from("wisdom").to_str(), Ok("wisdom"));
    /// assert!(Msg::from([0xff]).to_str().is_err());
    /// ```
    pub fn to_str(&self) -> Result<&str, Utf8Error> {
        str::from_utf8(self.as_bytes())
    }

    /// Returns the bytes. The bytes of a received message have no particular alignment.
    #[inline]
    #[doc(alias = "zmq_msg_data")]
    #[doc(alias = "buffer")]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.bytes()
    }

    /// Copies the bytes into a vector. `Vec::from` does the same and consumes the message.
    ///
    /// ```
    /// # use libzmq::Msg;
    /// let msg = Msg::from("abc");
    /// assert_eq!(msg.to_vec(), b"abc");
    /// assert_eq!(Vec::from(msg), b"abc");
    /// ```
    pub fn to_vec(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }

    /// Returns the bytes mutably. If a clone or another owner shares them, they are copied first.
    ///
    /// ```
    /// # use libzmq::Msg;
    /// let before = Msg::from(vec![0; 100]);
    /// let mut after = before.clone();
    /// after.as_mut_bytes()[0] = 1;
    /// assert_eq!((before.as_bytes()[0], after.as_bytes()[0]), (0, 1));
    /// ```
    pub fn as_mut_bytes(&mut self) -> &mut [u8] {
        if self.0.bytes_mut().is_none() {
            self.unshare();
        }
        self.0.bytes_mut().unwrap_or_default()
    }

    /// Replaces shared bytes by a copy. Routing id and group are kept.
    fn unshare(&mut self) {
        let mut own = Self::copied(self.as_bytes());
        if let Some(id) = self.routing_id() {
            own.set_routing_id(id);
        }
        if let Some(group) = self.group() {
            own.set_group(group);
        }
        *self = own;
    }

    /// Returns the routing id of the peer that the message was received from or will be sent to, or
    /// `None` if it has none.
    ///
    /// Every message that a [`Server`](crate::Server) or a [`Peer`](crate::Peer) receives has one.
    #[inline]
    #[doc(alias = "zmq_msg_routing_id")]
    pub fn routing_id(&self) -> Option<RoutingId> {
        RoutingId::new(self.0.routing_id())
    }

    /// Sets the routing id of the peer that the message will be sent to.
    ///
    /// ```
    /// # use libzmq::{Msg, RoutingId};
    /// let id = RoutingId::new(42).unwrap();
    /// let mut msg = Msg::from("for 42");
    /// msg.set_routing_id(id);
    /// assert_eq!(msg.routing_id(), Some(id));
    /// ```
    #[inline]
    #[doc(alias = "zmq_msg_set_routing_id")]
    pub fn set_routing_id(&mut self, routing_id: RoutingId) {
        self.0.set_routing_id(routing_id.0);
    }

    pub(crate) fn with_group(mut self, group: impl AsRef<GroupSlice>) -> Self {
        self.set_group(group);
        self
    }

    /// Returns the group that the message was or will be transmitted to, or `None` if it has none.
    #[doc(alias = "zmq_msg_group")]
    pub fn group(&self) -> Option<&GroupSlice> {
        Some(self.0.group()).filter(|group| !group.to_bytes().is_empty())
    }

    /// Sets the group that the message will be transmitted to.
    ///
    /// ```
    /// # use libzmq::{Msg, Group};
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let group = Group::new("news")?;
    /// let mut msg = Msg::from("rain tomorrow");
    /// msg.set_group(&group);
    /// assert_eq!(msg.group().unwrap().to_str()?, "news");
    /// #     Ok(())
    /// # }
    /// ```
    #[doc(alias = "zmq_msg_set_group")]
    pub fn set_group<G>(&mut self, group: G)
    where
        G: AsRef<GroupSlice>,
    {
        or_exhausted(self.0.set_group(group.as_ref()), crate::MAX_GROUP_SIZE);
    }

    /// Returns a property of the connection that the message was received on, or `None` if there is
    /// no such property. Messages over inproc have none.
    ///
    /// | Name | Value |
    /// |:---|:---|
    /// | `"Socket-Type"` | the socket type of the peer, such as `"CLIENT"` |
    /// | `"Peer-Address"` | over tcp and ws the IP address, over ipc `localhost:uid:gid:pid` |
    /// | `"User-Id"` | the user id that the authentication (ZAP) handler gave the peer |
    /// | `"X-..."` | the peer's own [`Metadata`](crate::opt::Metadata) |
    /// | `"__fd"` | the number of the file descriptor, which may be closed or reused by now |
    ///
    /// # C API
    /// `zmq_msg_gets`
    #[doc(alias = "zmq_msg_gets")]
    #[doc(alias = "ZMQ_SRCFD")]
    #[doc(alias = "gets")]
    pub fn property(&self, name: &str) -> Option<&str> {
        self.property_c_str(&CString::new(name).ok()?)
    }

    fn property_c_str(&self, name: &CStr) -> Option<&str> {
        self.0.property(name)?.to_str().ok()
    }

    /// Returns the address of the peer that sent the message.
    ///
    /// - Over tcp and ws, it is an IP address without a port.
    /// - Over ipc, it is `localhost:uid:gid:pid`, or `localhost` if the system does not report the
    ///   process.
    /// - Over inproc, and for a message that was not received, it is `None`.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build()?;
    /// let client = ClientBuilder::new().connect(server.last_endpoint()?).build()?;
    ///
    /// client.send("who am I?")?;
    /// assert_eq!(server.recv_msg()?.peer_address(), Some("127.0.0.1"));
    /// #     Ok(())
    /// # }
    /// ```
    #[doc(alias = "ZMQ_MSG_PROPERTY_PEER_ADDRESS")]
    pub fn peer_address(&self) -> Option<&str> {
        // A socket that uses IPv6 sees IPv4 peers by IPv4-mapped addresses.
        let address = self.property_c_str(c"Peer-Address")?;
        let embedded =
            address.strip_prefix("::ffff:").filter(|rest| rest.parse::<Ipv4Addr>().is_ok());
        Some(embedded.unwrap_or(address))
    }

    /// Returns the user id that the authentication (ZAP) handler gave the sender, or `None` if the
    /// sender was not authenticated.
    #[doc(alias = "ZMQ_MSG_PROPERTY_USER_ID")]
    pub fn user_id(&self) -> Option<&str> {
        self.property_c_str(c"User-Id").filter(|id| !id.is_empty())
    }

    /// Returns the socket type of the sender as the protocol spells it, such as `"CLIENT"`, or
    /// `None` over inproc.
    #[doc(alias = "ZMQ_MSG_PROPERTY_SOCKET_TYPE")]
    pub fn socket_type(&self) -> Option<&str> {
        self.property_c_str(c"Socket-Type")
    }

    pub(crate) fn of_raw(message: Message) -> Self {
        Self(message)
    }

    #[inline]
    pub(crate) fn raw(&mut self) -> &mut Message {
        &mut self.0
    }

    /// Copies the bytes into a vector.
    fn into_vec(self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }
}

/// Aborts the process if there is not enough memory, as Rust's collections do. These calls fail for
/// no other reason.
#[inline]
fn or_exhausted<T, E: Into<Exhausted>>(result: Result<T, E>, size: usize) -> T {
    result.unwrap_or_else(|_| exhausted(size))
}

#[cold]
fn exhausted(size: usize) -> ! {
    let layout = std::alloc::Layout::array::<u8>(size).unwrap_or(std::alloc::Layout::new::<u8>());
    std::alloc::handle_alloc_error(layout)
}

/// The only reason why creating a message fails: not enough memory.
struct Exhausted;

impl From<Errno> for Exhausted {
    fn from(_: Errno) -> Self {
        Self
    }
}

impl From<Vec<u8>> for Exhausted {
    fn from(_: Vec<u8>) -> Self {
        Self
    }
}

impl Default for Msg {
    fn default() -> Self {
        Self::new()
    }
}

/// A clone shares the bytes of a large message, and copies up to 33 bytes. Several threads may
/// clone one message at the same time.
impl Clone for Msg {
    fn clone(&self) -> Self {
        Self(self.0.copy())
    }
}

impl fmt::Debug for Msg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 64;

        let bytes = self.as_bytes();
        let mut debug = f.debug_struct("Msg");
        debug.field("len", &bytes.len());
        let shown = &bytes[..bytes.len().min(SHOWN)];
        debug.field(
            "bytes",
            &format_args!(
                "b\"{}\"{}",
                shown.escape_ascii(),
                if bytes.len() > SHOWN { ".." } else { "" }
            ),
        );
        if let Some(id) = self.routing_id() {
            debug.field("routing_id", &id.get());
        }
        if let Some(group) = self.group() {
            debug.field("group", &group);
        }
        debug.finish()
    }
}

/// Messages are equal if their bytes are. Routing ids, groups and properties are not compared.
impl PartialEq for Msg {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Msg {}

impl Hash for Msg {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl Deref for Msg {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl AsRef<[u8]> for Msg {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl From<Error<Msg>> for Error {
    fn from(error: Error<Msg>) -> Self {
        error.cast()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_as_large_as_in_c_and_goes_everywhere() {
        fn everywhere<T: Send + Sync + Clone + 'static>() {}
        everywhere::<Msg>();
        assert_eq!(size_of::<Msg>(), 64);
    }

    #[test]
    fn an_error_with_a_message_in_it_stays_small() {
        assert!(size_of::<Error<Msg>>() <= 120, "{}", size_of::<Error<Msg>>());
    }
}
