//! What is asked and answered. `content.js` says the same in JavaScript.

const MAX: usize = 100_000;

/// Makes requests by their numbers.
pub struct Content {
    /// Pseudo-random bytes that requests are cut from.
    block: Vec<u8>,
}

impl Content {
    pub fn new() -> Self {
        let mut state = 1u32;
        let byte = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        Self { block: std::iter::repeat_with(byte).take(2 * MAX).collect() }
    }

    /// A request starts with its number, as far as there is room for it.
    pub fn request(&self, number: u32) -> Vec<u8> {
        let start = scatter(number) as usize % MAX;
        let mut bytes = self.block[start..start + size(number)].to_vec();
        let room = bytes.len().min(4);
        bytes[..room].copy_from_slice(&number.to_le_bytes()[..room]);
        bytes
    }

    /// The number of a request that has room for it, which must be as it was made.
    pub fn check(&self, request: &[u8]) -> Option<u32> {
        let number = u32::from_le_bytes(*request.first_chunk()?);
        assert!(request == self.request(number), "request {number} is damaged");
        Some(number)
    }
}

/// The answer to a request: its halves, swapped.
pub fn reply(request: &[u8]) -> Vec<u8> {
    let (first, second) = request.split_at(request.len() / 2);
    [second, first].concat()
}

/// From nothing to the largest, both among the first hundred.
pub fn size(number: u32) -> usize {
    match number % 100 {
        0 => 0,
        1 => MAX,
        _ => scatter(number) as usize % (MAX + 1),
    }
}

fn scatter(number: u32) -> u32 {
    let mixed = (number + 1).wrapping_mul(2_654_435_761);
    mixed ^ (mixed >> 15)
}
