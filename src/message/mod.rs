//! Messages and what they carry besides their bytes.

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

/// A message: bytes, and what libzmq knows about them.
///
/// A message is [`Send`] and [`Sync`], 64 bytes large, and cheap to move. Up to 33 bytes are held
/// in the value itself; more are on the heap, and a clone shares them:
///
/// ```
/// use libzmq::Msg;
///
/// let msg = Msg::from(vec![7; 1_000_000]);
/// let clones = vec![msg.clone(); 100];
/// assert!(clones.iter().all(|clone| clone.as_bytes().as_ptr() == msg.as_bytes().as_ptr()));
/// ```
///
/// # Making one without a copy
/// A [`Vec<u8>`], [`String`] or `Box<[u8]>` is taken over as it is.
/// [`from_owner`](Self::from_owner) takes over anything that holds bytes (an `Arc<[u8]>`, a memory
/// map), [`from_static`](Self::from_static) bytes that live for ever. With the feature `bytes` a
/// `Bytes` becomes a message and a message a `Bytes`. Contents of up to 33 bytes are copied
/// instead, which is faster.
///
/// ```
/// use libzmq::Msg;
///
/// let text = String::from("a text that is longer than thirty-three bytes");
/// let place = text.as_ptr();
///
/// let msg = Msg::from(text);
/// assert_eq!(msg.as_bytes().as_ptr(), place);
/// ```
///
/// # C API
/// `zmq_msg_t` and the functions `zmq_msg_*`.
#[doc(alias = "zmq_msg_t")]
#[doc(alias = "zmq_msg_copy")]
pub struct Msg(Message);

impl Msg {
    /// An empty message.
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

    /// A message of `size` bytes, all zero.
    ///
    /// Like a `Vec` of that size it ends the process if there is no memory for it;
    /// [`try_with_size`](Self::try_with_size) answers with an error instead.
    ///
    /// ```
    /// # use libzmq::Msg;
    /// assert_eq!(Msg::with_size(420).len(), 420);
    /// ```
    #[doc(alias = "zmq_msg_init_size")]
    pub fn with_size(size: usize) -> Self {
        Self(or_exhausted(Message::zeroed(size), size))
    }

    /// A message of `size` bytes, all zero, or an error if there is no memory for it.
    ///
    /// ```
    /// # use libzmq::Msg;
    /// assert!(Msg::try_with_size(1 << 60).is_err());
    /// ```
    pub fn try_with_size(size: usize) -> Result<Self, Error> {
        Message::zeroed(size)
            .map(Self)
            .map_err(|errno| Error::c(errno, "allocate message").about(size))
    }

    /// A message over bytes that live for ever, without a copy.
    ///
    /// ```
    /// # use libzmq::Msg;
    /// static PAGE: &[u8] = &[b' '; 4096];
    /// assert_eq!(Msg::from_static(PAGE).as_bytes().as_ptr(), PAGE.as_ptr());
    /// ```
    pub fn from_static(bytes: &'static [u8]) -> Self {
        Self(or_exhausted(Message::from_static(bytes), size_of::<Message>()))
    }

    /// A message over the bytes of `owner`, without a copy.
    ///
    /// The owner is dropped after the last clone of the message, and never within libzmq:
    /// - If a call on this crate frees the message, the owner is dropped on that thread, right
    ///   after the call. The drop may make any call, also on the same socket. It must not want a
    ///   lock that the program holds over calls on sockets.
    /// - If one of libzmq's own threads frees the message, or a call that blocks, one thread of the
    ///   process that drops such owners one after the other does it. A drop that blocks delays the
    ///   owners behind it. At the end of the process those that are left are not dropped.
    ///
    /// A panic of the drop is contained.
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

    /// The number of bytes.
    #[inline]
    #[doc(alias = "zmq_msg_size")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no bytes.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes as text, if they are UTF-8.
    ///
    /// ```
    /// # use libzmq::Msg;
    /// assert_eq!(Msg::from("wisdom").to_str(), Ok("wisdom"));
    /// assert!(Msg::from([0xff]).to_str().is_err());
    /// ```
    pub fn to_str(&self) -> Result<&str, Utf8Error> {
        str::from_utf8(self.as_bytes())
    }

    /// The bytes. Those of a message that came over a network have no particular alignment.
    #[inline]
    #[doc(alias = "zmq_msg_data")]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.bytes()
    }

    /// A copy of the bytes. `Vec::from` takes the message itself.
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

    /// The bytes, to be changed. If a clone or another owner shares them, the message gets a copy
    /// of its own first.
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

    /// Puts a copy of the bytes in the place of shared ones; routing id and group stay with them.
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

    /// The peer that the message came from or is to go to; `None` if it names none.
    ///
    /// Every message that a [`Server`](crate::Server) or a `Peer` receives has one.
    #[inline]
    #[doc(alias = "zmq_msg_routing_id")]
    pub fn routing_id(&self) -> Option<RoutingId> {
        RoutingId::new(self.0.routing_id())
    }

    /// Names the peer that the message is to go to.
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

    /// The group that the message was transmitted to; `None` if it has none.
    #[doc(alias = "zmq_msg_group")]
    pub fn group(&self) -> Option<&GroupSlice> {
        Some(self.0.group()).filter(|group| !group.to_bytes().is_empty())
    }

    /// Names the group that the message is to be transmitted to.
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

    /// A property of the connection that the message came by; `None` if there is none of that name.
    ///
    /// libzmq sets `"Socket-Type"`, `"Peer-Address"` (the IP address over tcp and ws; over ipc the
    /// credentials, as `localhost:uid:gid:pid`) and, for an authenticated peer, `"User-Id"`. A
    /// peer's own `X-` properties are here too, and as `"__fd"` the number of the connection's file
    /// descriptor, which may be closed by now or another's. A message that came over inproc has
    /// none.
    ///
    /// # C API
    /// `zmq_msg_gets`
    #[doc(alias = "zmq_msg_gets")]
    #[doc(alias = "ZMQ_SRCFD")]
    pub fn property(&self, name: &str) -> Option<&str> {
        self.property_c_str(&CString::new(name).ok()?)
    }

    fn property_c_str(&self, name: &CStr) -> Option<&str> {
        self.0.property(name)?.to_str().ok()
    }

    /// Where the message came from: an IP address without a port over tcp and ws; over ipc the
    /// process, as `localhost:uid:gid:pid` where the system tells; `None` over inproc and for a
    /// message of our own.
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
        // A socket that uses IPv6 sees IPv4 peers by addresses that stand for theirs.
        let address = self.property_c_str(c"Peer-Address")?;
        let embedded =
            address.strip_prefix("::ffff:").filter(|rest| rest.parse::<Ipv4Addr>().is_ok());
        Some(embedded.unwrap_or(address))
    }

    /// Who sent the message, as the authentication handler named them; `None` for a peer that was
    /// not authenticated.
    #[doc(alias = "ZMQ_MSG_PROPERTY_USER_ID")]
    pub fn user_id(&self) -> Option<&str> {
        self.property_c_str(c"User-Id").filter(|id| !id.is_empty())
    }

    /// The type of socket that sent the message, as the protocol names it (`"CLIENT"`); `None` over
    /// inproc.
    #[doc(alias = "ZMQ_MSG_PROPERTY_SOCKET_TYPE")]
    pub fn socket_type(&self) -> Option<&str> {
        self.property_c_str(c"Socket-Type")
    }

    #[inline]
    pub(crate) fn raw(&mut self) -> &mut Message {
        &mut self.0
    }

    /// The bytes as a vector's memory, with whatever the conversion costs.
    fn into_vec(self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }
}

/// Ends the process as Rust's own collections do when there is no memory, which is the only reason
/// that these calls fail for.
#[inline]
fn or_exhausted<T, E: Into<Exhausted>>(result: Result<T, E>, size: usize) -> T {
    result.unwrap_or_else(|_| exhausted(size))
}

#[cold]
fn exhausted(size: usize) -> ! {
    let layout = std::alloc::Layout::array::<u8>(size).unwrap_or(std::alloc::Layout::new::<u8>());
    std::alloc::handle_alloc_error(layout)
}

/// The one reason that making a message fails for.
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

/// Shares the bytes of a large message and copies those of a small one. Two threads may clone one
/// message at once.
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

/// Messages are equal when their bytes are; where they came from or go to does not count.
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
