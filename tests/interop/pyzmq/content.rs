//! What is sent. `peer.py` says the same in Python.

use libzmq::Multipart;

pub const COUNT: usize = 200;

/// The parts of a message, of which the first begins with its topic.
pub fn message(number: usize) -> Multipart {
    let topic = if number % 2 == 1 { "odd" } else { "even" };
    let mut parts = Multipart::from(format!("{topic} {number}"));
    parts.extend(
        (1..1 + number % 6)
            .map(|part| vec![((number + part) % 256) as u8; number * part * 7 % 5000]),
    );
    parts
}

/// All messages as the bytes that plain tcp has of them.
pub fn bytes() -> Vec<u8> {
    (0..COUNT).flat_map(message).flat_map(|part| part.as_bytes().to_vec()).collect()
}
