//! The reading state that the blocking and the async monitor share.

use super::{Event, EventKind};
use crate::{
    addr::InprocAddr,
    error::{Error, ErrorKind},
    message::{Msg, Multipart},
    raw::COUNTS_LOST_EVENTS,
    socket::{PairBuilder, Sub, recv::RecvMultipart},
};

/// How many unread events the reader's queue holds, beside the thousand in the publisher's queue.
pub(super) const ROOM: i32 = 9000;

/// A publisher at its high water mark sends again once half of the queue has been read. So if
/// libzmq does not count dropped events, some may have been dropped only if more than this are
/// queued at once.
const MANY: usize = (ROOM as usize + 1000) / 2;

const OVER: ErrorKind = ErrorKind::NotFound("the monitor has ended");

/// The state of reading a monitor's events.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The endpoint that libzmq publishes the events at.
    endpoint: InprocAddr,
    missed: Option<u64>,
    /// The number of events that were read since the queue was last empty.
    run: usize,
    over: bool,
}

impl Reading {
    pub(super) fn new(endpoint: InprocAddr) -> Self {
        Self { endpoint, missed: Some(0), run: 0, over: false }
    }

    /// Returns the next event, if there is one.
    pub(crate) fn try_recv(&mut self, reader: &Sub) -> Result<Event, Error> {
        loop {
            if self.over {
                return Err(Error::new(OVER, "receive event"));
            }
            let parts = self.try_recv_parts(reader)?;
            if let Some(event) = self.event(&parts) {
                self.missed =
                    self.missed.zip(event.missed()).map(|(all, more)| all.saturating_add(more));
                self.over = event.kind() == EventKind::Stopped;
                return Ok(event);
            }
        }
    }

    fn try_recv_parts(&mut self, reader: &Sub) -> Result<Multipart, Error> {
        match reader.try_recv_multipart() {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                self.run = 0;
                if self.may_end_without_event() && self.has_no_publisher(reader)? {
                    // If the last event has not arrived meanwhile, it was dropped.
                    return reader.try_recv_multipart().inspect_err(|_| self.over = true);
                }
                Err(error)
            }
            parts => {
                self.run += 1;
                parts
            }
        }
    }

    /// libzmq sends the event, the number of its values, the values, and the two endpoints. If it
    /// counts dropped events, their number comes first, and a reason may come last.
    fn event(&self, parts: &[Msg]) -> Option<Event> {
        let (missed, parts) = match parts.split_first() {
            Some((missed, parts)) if COUNTS_LOST_EVENTS => (Some(number(missed)?), parts),
            _ => ((self.run <= MANY).then_some(0), parts),
        };
        let [event, count, rest @ ..] = parts else { return None };
        let (values, rest) = rest.split_at_checked(usize::try_from(number(count)?).ok()?)?;
        let [local, remote, reason @ ..] = rest else { return None };
        let values = [0, 1].map(|place| values.get(place).and_then(number));
        Some(Event::new(number(event)?, values, [local, remote], reason.first(), missed))
    }

    /// Returns how many events were dropped before the last event that was read.
    pub(crate) fn missed(&self) -> Option<u64> {
        self.missed
    }

    /// Returns whether the monitor may end without an event, so that a blocked reader has to check
    /// periodically.
    pub(crate) fn may_end_without_event(&self) -> bool {
        self.missed.is_none()
    }

    /// Returns whether libzmq has closed the endpoint.
    fn has_no_publisher(&self, reader: &Sub) -> Result<bool, Error> {
        match PairBuilder::new().bind(&self.endpoint).with_ctx(reader.ctx()) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AddrInUse => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn number(part: &Msg) -> Option<u64> {
    Some(u64::from_ne_bytes(part.as_bytes().try_into().ok()?))
}
