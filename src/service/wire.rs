//! The wire format with which a [`Requester`](super::Requester) and a service over a SERVER match
//! replies to requests.
//!
//! A message begins with 16 fixed bytes, the number of the request, and its status. Messages of
//! other clients have no such header and are left unchanged.

use crate::message::Msg;

/// The connection property by which a requester recognises a service.
pub(crate) const METADATA: &str = "X-Service:1";

/// The name of that property.
pub(crate) const PROPERTY: &str = "X-Service";

/// The start of the header. No text begins with these bytes, and no other message is likely to.
const MAGIC: [u8; 16] = *b"\0\xffsvc\x01\xd6\x1e\x9b\x42\x07\xb5\xe3\x58\x2c\xa1";

/// The size of the header in bytes.
const HEADER: usize = MAGIC.len() + size_of::<u64>() + 1;

/// The kind of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Request = 0,
    Reply = 1,
    /// The service has received the request and will send no reply.
    Failure = 2,
}

/// Returns the number and the status of a message with a header.
#[inline]
pub(crate) fn number(msg: &[u8]) -> Option<(u64, Status)> {
    let (header, _) = msg.split_at_checked(HEADER)?;
    let rest = header.strip_prefix(&MAGIC)?;
    let (number, status) = rest.split_first_chunk()?;
    let status = match status {
        [0] => Status::Request,
        [1] => Status::Reply,
        [2] => Status::Failure,
        _ => return None,
    };
    Some((u64::from_be_bytes(*number), status))
}

/// Returns a message with a header.
pub(crate) fn correlated(number: u64, status: Status, body: &[u8]) -> Msg {
    let mut bytes = Vec::with_capacity(HEADER + body.len());
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&number.to_be_bytes());
    bytes.push(status as u8);
    bytes.extend_from_slice(body);
    bytes.into()
}

/// Returns the body of a message with a header.
pub(crate) fn body(msg: Msg) -> Msg {
    /// Bodies of this size or larger are not copied.
    const LARGE: usize = 4096;

    struct Body(Msg);

    impl AsRef<[u8]> for Body {
        fn as_ref(&self) -> &[u8] {
            &self.0.as_bytes()[HEADER..]
        }
    }

    if msg.len() < LARGE {
        Msg::from(&msg.as_bytes()[HEADER..])
    } else {
        Msg::from_owner(Body(msg))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]

    use super::*;

    #[test]
    fn what_is_put_in_comes_out() {
        for size in [0, 1, 100, 4000, 5000, 100_000] {
            let bytes: Vec<u8> = (0..size).map(|place| place as u8).collect();
            for status in [Status::Request, Status::Reply, Status::Failure] {
                let msg = correlated(u64::MAX - 1, status, &bytes);
                assert_eq!(number(&msg), Some((u64::MAX - 1, status)));
                assert_eq!(body(msg), &*bytes);
            }
        }
    }

    #[test]
    fn other_messages_have_no_number() {
        let whole = correlated(1, Status::Reply, b"");
        assert_eq!(number(b""), None);
        assert_eq!(number(&whole[..HEADER - 1]), None);
        let mut other = whole.to_vec();
        other[3] ^= 1;
        assert_eq!(number(&other), None);
        other[3] ^= 1;
        other[HEADER - 1] = 3;
        assert_eq!(number(&other), None);
    }
}
