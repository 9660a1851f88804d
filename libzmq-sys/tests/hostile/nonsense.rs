//! What a hostile peer says: the protocols as they should be spoken, then damaged.

use crate::random::Random;

const TYPES: [&str; 20] = [
    "PAIR", "PUB", "SUB", "REQ", "REP", "DEALER", "ROUTER", "PULL", "PUSH", "XPUB", "XSUB",
    "SERVER", "CLIENT", "RADIO", "DISH", "GATHER", "SCATTER", "PEER", "CHANNEL", "NONE",
];

/// Some of what a peer of any version says over tcp, ipc or, after an upgrade, ws.
pub(crate) fn conversation(random: &mut Random, ws: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut is_ws = ws;
    if ws && random.below(8) > 0 {
        bytes.extend(upgrade(random));
    } else {
        bytes.extend(greeting(random));
        is_ws = false;
    }
    for _ in 0..random.below(20) {
        bytes.extend(if is_ws { ws_frame(random) } else { frame(random) });
    }
    damage(&mut bytes, random);
    bytes
}

/// Records of TLS as they begin, with nothing of TLS in them.
pub(crate) fn tls(random: &mut Random) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..=random.below(5) {
        let body = body(random);
        // Handshakes, alerts, changes of the cipher, data.
        bytes.extend([random.of(&[22, 22, 22, 21, 20, 23]), 3, random.below(5) as u8]);
        bytes.extend((body.len() as u16).to_be_bytes());
        bytes.extend(body);
    }
    damage(&mut bytes, random);
    bytes
}

/// What a RADIO, or a program, sends as one datagram.
pub(crate) fn datagram(random: &mut Random) -> Vec<u8> {
    let group = random.of(&["g", "", "news", "a group of more than fourteen letters"]);
    let mut bytes = [&[group.len() as u8], group.as_bytes(), &body(random)].concat();
    damage(&mut bytes, random);
    bytes.truncate(8000);
    bytes
}

fn greeting(random: &mut Random) -> Vec<u8> {
    let kind = random.of(&[0u8, 1, 2, 5, 6, 7, 8]);
    match random.below(8) {
        // ZMTP 1.0: the routing id is a frame of its own.
        0 => vec![1, 0],
        1 => vec![6, 0, b'n', b'a', b'm', b'e', b'd'],
        // ZMTP 2.0, and the routing id.
        2 => [&[0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1, kind][..], &[0, 0]].concat(),
        _ => {
            let mechanism = random.of(&["NULL", "NULL", "NULL", "PLAIN", "CURVE", "NONSENSE"]);
            let mut greeting = vec![0; 64];
            greeting[0] = 0xff;
            greeting[9] = 0x7f;
            greeting[10] = 3;
            greeting[11] = random.of(&[0, 1, 1, 1, 9]);
            greeting[12..12 + mechanism.len()].copy_from_slice(mechanism.as_bytes());
            greeting[32] = random.of(&[0, 0, 1]);
            let first = match mechanism {
                "PLAIN" => command("HELLO", b"\x05admin\x08password"),
                "CURVE" => command("HELLO", &[1; 194]),
                _ => ready(random),
            };
            greeting.extend(first);
            if mechanism == "PLAIN" && random.flip() {
                greeting.extend(initiate(random));
            }
            greeting
        }
    }
}

fn properties(random: &mut Random) -> Vec<u8> {
    let mut properties = property("Socket-Type", random.of(&TYPES).as_bytes());
    if random.flip() {
        properties.extend(property("Identity", random.of(&["", "name", "\0zero"]).as_bytes()));
    }
    if random.flip() {
        properties.extend(property(random.of(&["User-Id", "X-Own", ""]), &body(random)));
    }
    properties
}

fn ready(random: &mut Random) -> Vec<u8> {
    command("READY", &properties(random))
}

fn initiate(random: &mut Random) -> Vec<u8> {
    command("INITIATE", &properties(random))
}

fn property(name: &str, value: &[u8]) -> Vec<u8> {
    let size = (value.len() as u32).to_be_bytes();
    [&[name.len() as u8], name.as_bytes(), &size, value].concat()
}

fn command(name: &str, body: &[u8]) -> Vec<u8> {
    zmtp(4, &[&[name.len() as u8], name.as_bytes(), body].concat())
}

/// A frame of ZMTP 2.0 or later.
fn zmtp(flags: u8, body: &[u8]) -> Vec<u8> {
    match u8::try_from(body.len()) {
        Ok(size) => [&[flags, size], body].concat(),
        Err(_) => [&[flags | 2], &(body.len() as u64).to_be_bytes()[..], body].concat(),
    }
}

fn frame(random: &mut Random) -> Vec<u8> {
    let body = body(random);
    match random.below(12) {
        0 => command("PING", &[&[0, random.byte()], &body[..body.len().min(20)]].concat()),
        1 => command("PONG", &body),
        2 => command(random.of(&["SUBSCRIBE", "CANCEL"]), &body),
        3 => command(random.of(&["JOIN", "LEAVE"]), &body),
        4 => command(random.of(&["ERROR", "READY", "WELCOME", "MESSAGE", "", "OTHER"]), &body),
        // A size without its body.
        5 => [&[2], &random.of(&[0u64, 1 << 20, 1 << 40, u64::MAX]).to_be_bytes()[..]].concat(),
        6 => zmtp(0, &[&[random.of(&[0, 1])], &body[..]].concat()),
        7 => zmtp(0, b""),
        n => zmtp(u8::from(n % 2 == 0), &body),
    }
}

fn upgrade(random: &mut Random) -> Vec<u8> {
    let protocol = random.of(&["ZWS2.0/NULL", "ZWS2.0/NULL", "ZWS2.0", "ZWS2.0/PLAIN", "chat"]);
    let text = if random.below(4) > 0 {
        format!(
            "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: {protocol}\r\n\
             Sec-WebSocket-Version: 13\r\n\r\n"
        )
    } else {
        format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\
             Sec-WebSocket-Protocol: {protocol}\r\n\r\n"
        )
    };
    let mut bytes = text.into_bytes();
    // The flags are within the payload, as its first byte.
    let ready = properties(random);
    bytes.extend(masked(2, &[&[4, 5], &b"READY"[..], &ready].concat(), random));
    bytes
}

fn ws_frame(random: &mut Random) -> Vec<u8> {
    let flags = random.of(&[0u8, 0, 1, 4, 0xff]);
    let payload = [&[flags], &body(random)[..]].concat();
    let opcode = random.of(&[2u8, 2, 2, 2, 0, 1, 8, 9, 10, 3]);
    masked(opcode, &payload, random)
}

fn masked(opcode: u8, payload: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = vec![if random.below(8) > 0 { 0x80 } else { 0 } | opcode];
    let mask = if random.below(8) > 0 { 0x80 } else { 0 };
    match payload.len() {
        size @ 0..126 => bytes.push(mask | size as u8),
        size => {
            bytes.push(mask | 127);
            bytes.extend((size as u64).to_be_bytes());
        }
    }
    if mask > 0 {
        // A mask of zeros leaves the payload as it is.
        bytes.extend([0; 4]);
    }
    bytes.extend(payload);
    bytes
}

fn body(random: &mut Random) -> Vec<u8> {
    let size = random.of(&[0, 1, 4, 14, 33, 200, 255, 256, 300, 9000]);
    let byte = random.byte();
    vec![byte; size]
}

/// Leaves two of three as they are.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    if random.below(3) > 0 || bytes.is_empty() {
        return;
    }
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len());
        match random.below(4) {
            0 => bytes[at] = random.byte(),
            1 => bytes[at] ^= 1 << random.below(8),
            2 => bytes.insert(at, random.byte()),
            _ => bytes.truncate(at.max(1)),
        }
    }
}
