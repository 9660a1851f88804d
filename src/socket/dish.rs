use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::socket_type;
use crate::{
    builder::Builder,
    error::{Error, ErrorKind},
    group::{Group, GroupSlice},
    raw::DeferDrops,
};

socket_type! {
    /// A dish, which receives what [`Radio`](crate::Radio)s transmit to the groups that it has
    /// joined.
    ///
    /// Each message received carries the [`Group`](crate::Group) that it was transmitted to. A dish
    /// without a group receives nothing.
    ///
    /// Threads share a dish: clone it, or borrow it. Each message goes to one of the threads that
    /// receive.
    ///
    /// # Over udp
    /// A dish binds to a unicast or multicast address (`udp://239.0.0.1:5555`), and radios connect
    /// to it.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Radio`](crate::Radio) |
    /// | Direction | Unidirectional |
    /// | Send/receive pattern | Receive only |
    /// | Outgoing routing strategy | None |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Drop, at the radio |
    /// | Thread-safe | Yes |
    /// | Multipart messages | No |
    /// | Transports | tcp, ipc, inproc, udp (binds), ws, wss, tipc, vmci |
    ///
    /// # Example
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let sports: Group = "sports".try_into()?;
    /// let dish = DishBuilder::new().bind("inproc://living-room").join(&sports).build()?;
    /// assert_eq!(dish.joined(), [sports.clone()]);
    ///
    /// // Joining twice is fine, and leaving once undoes it.
    /// dish.join(&sports)?;
    /// dish.leave(&sports)?;
    /// assert!(dish.joined().is_empty());
    /// assert!(matches!(dish.leave(&sports).unwrap_err().kind(), ErrorKind::NotFound(_)));
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// A dish does not send:
    /// ```compile_fail
    /// # use libzmq::prelude::*;
    /// Dish::new().unwrap().send("hello?").unwrap();
    /// ```
    ///
    /// # In C
    /// `ZMQ_DISH`, a draft
    #[doc(alias = "ZMQ_DISH")]
    Dish, DishBuilder, DishConfig: Shared<Joined>,
    [Receives RecvMsg],
    interest: "join" join_bytes
}

/// The groups that a dish has joined. C knows them but does not tell, and takes joining twice for
/// an error.
#[derive(Debug, Default)]
pub struct Joined(Mutex<BTreeSet<Group>>);

impl Dish {
    /// Joins a group, to receive what is transmitted to it. Joining it again changes nothing.
    ///
    /// What is transmitted before the radio has heard of the joining does not arrive.
    ///
    /// # Errors
    /// None that the group could cause.
    ///
    /// # In C
    /// `zmq_join`
    #[doc(alias = "zmq_join")]
    pub fn join<G>(&self, group: G) -> Result<(), Error>
    where
        G: Into<Group>,
    {
        let group = group.into();
        // Until the lock is released: the drop of an owner may want it.
        let _deferred = DeferDrops::new();
        let mut joined = self.groups();
        if !joined.contains(&*group) {
            self.raw
                .join(&group)
                .map_err(|errno| Error::c(errno, "join").about(group.to_string_lossy()))?;
            joined.insert(group);
        }
        Ok(())
    }

    /// The groups that the dish has joined, in the order of their names.
    pub fn joined(&self) -> Vec<Group> {
        self.groups().iter().cloned().collect()
    }

    /// Leaves a group.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) if the dish has not joined it.
    ///
    /// # In C
    /// `zmq_leave`
    #[doc(alias = "zmq_leave")]
    pub fn leave<G>(&self, group: G) -> Result<(), Error>
    where
        G: AsRef<GroupSlice>,
    {
        const ABSENT: ErrorKind = ErrorKind::NotFound("the dish has not joined the group");

        let group = group.as_ref();
        // As above.
        let _deferred = DeferDrops::new();
        let mut joined = self.groups();
        if !joined.contains(group) {
            return Err(Error::new(ABSENT, "leave").about(group.to_string_lossy()));
        }
        self.raw
            .leave(group)
            .map_err(|errno| Error::c(errno, "leave").about(group.to_string_lossy()))?;
        joined.remove(group);
        Ok(())
    }

    fn join_bytes(&self, name: &[u8]) -> Result<(), Error> {
        self.join(Group::new(name)?)
    }

    fn groups(&self) -> MutexGuard<'_, BTreeSet<Group>> {
        self.raw.state().0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Builder<Dish> {
    /// The groups to join: one, or any number.
    pub fn join<I, G>(&mut self, groups: I) -> &mut Self
    where
        I: IntoIterator<Item = G>,
        G: Into<Group>,
    {
        self.interests.extend(groups.into_iter().map(|group| group.into().as_bytes().to_vec()));
        self
    }
}
