//! Codecs: conversions between the values of options and the bytes of C.

use std::{fmt, net::Ipv4Addr, time::Duration};

use bitflags::Flags;
use libc::c_int;

use super::value::{
    GssapiNameType, HighWaterMark, NormCongestionControl, Numbered, ReconnectStop, RouterNotify,
};
use crate::{
    addr::Endpoint,
    poll::Trigger,
    raw::{Size, int as from_int},
    socket::kind::SocketType,
    util::Period::{self, Finite, Infinite},
};

/// Converts the values of a type of option. `encode` returns why a value is refused, `decode`
/// returns `None` for bytes that are no such value.
pub trait Codec {
    type Value: fmt::Debug;

    /// The size of the value in C. Most options are an `int`.
    const SIZE: Size = Size::INT;

    fn encode(value: &Self::Value) -> Result<Vec<u8>, &'static str>;
    fn decode(bytes: &[u8]) -> Option<Self::Value>;

    /// Formats a value as a method takes it.
    fn show(value: &Self::Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(value, f)
    }
}

/// Formats a value that may be missing.
fn show_option<T: Codec>(value: &Option<T::Value>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        Some(value) => T::show(value, f),
        None => f.write_str("None"),
    }
}

fn int(value: c_int) -> Vec<u8> {
    value.to_ne_bytes().to_vec()
}

/// A boolean: 0 or 1 in C.
pub struct Flag;

impl Codec for Flag {
    type Value = bool;

    fn encode(value: &bool) -> Result<Vec<u8>, &'static str> {
        Ok(int(c_int::from(*value)))
    }

    fn decode(bytes: &[u8]) -> Option<bool> {
        from_int(bytes).map(|value| value != 0)
    }
}

/// An integer between two bounds.
pub struct Number<const MIN: i32, const MAX: i32>;

impl<const MIN: i32, const MAX: i32> Codec for Number<MIN, MAX> {
    type Value = i32;

    fn encode(value: &i32) -> Result<Vec<u8>, &'static str> {
        if (MIN..=MAX).contains(value) { Ok(int(*value)) } else { Err(Self::ACCEPTED) }
    }

    fn decode(bytes: &[u8]) -> Option<i32> {
        from_int(bytes)
    }
}

/// A value, or `None` for the system's choice: -1 in C.
pub struct OrSystem<T>(T);

impl<T: Codec> Codec for OrSystem<T> {
    type Value = Option<T::Value>;

    fn encode(value: &Self::Value) -> Result<Vec<u8>, &'static str> {
        value.as_ref().map_or_else(|| Ok(int(-1)), T::encode)
    }

    fn decode(bytes: &[u8]) -> Option<Self::Value> {
        if from_int(bytes)? == -1 { Some(None) } else { T::decode(bytes).map(Some) }
    }

    fn show(value: &Self::Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_option::<T>(value, f)
    }
}

/// A value, or `None` for off: 0 in C. A value of zero means off too.
pub struct OrOff<T>(T);

impl<T: Codec> Codec for OrOff<T> {
    type Value = Option<T::Value>;

    fn encode(value: &Self::Value) -> Result<Vec<u8>, &'static str> {
        match value {
            None => Ok(int(0)),
            Some(value) => T::encode(value),
        }
    }

    fn decode(bytes: &[u8]) -> Option<Self::Value> {
        if from_int(bytes)? == 0 { Some(None) } else { T::decode(bytes).map(Some) }
    }

    fn show(value: &Self::Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_option::<T>(value, f)
    }
}

/// A period that C counts in units of this many milliseconds. A fraction of a unit is rounded up.
pub struct Time<const MILLISECONDS: u32>;

impl<const MILLISECONDS: u32> Codec for Time<MILLISECONDS> {
    type Value = Duration;

    fn encode(value: &Duration) -> Result<Vec<u8>, &'static str> {
        let unit = Duration::from_millis(MILLISECONDS.into()).as_nanos();
        c_int::try_from(value.as_nanos().div_ceil(unit)).map(int).map_err(|_| match MILLISECONDS {
            1 => "the period is longer than 24 days",
            _ => "the period is too long",
        })
    }

    fn decode(bytes: &[u8]) -> Option<Duration> {
        let count = u64::try_from(from_int(bytes)?).ok()?;
        Some(Duration::from_millis(count * u64::from(MILLISECONDS)))
    }
}

pub type Millis = Time<1>;
pub type Seconds = Time<1000>;

/// The ttl of a heartbeat: tenths of a second in 16 bits on the wire.
pub struct TimeToLive;

impl Codec for TimeToLive {
    type Value = Duration;

    fn encode(value: &Duration) -> Result<Vec<u8>, &'static str> {
        const TENTH: u128 = 100_000_000;

        match value.as_nanos().div_ceil(TENTH) {
            tenths @ 0..=0xffff => Ok(int(tenths as c_int * 100)),
            _ => Err("a time to live is at most 6553.5 seconds"),
        }
    }

    fn decode(bytes: &[u8]) -> Option<Duration> {
        Millis::decode(bytes)
    }
}

/// A period that may be infinite: -1 in C.
pub struct Timeout;

impl Codec for Timeout {
    type Value = Period;

    fn encode(value: &Period) -> Result<Vec<u8>, &'static str> {
        match value {
            Infinite => Ok(int(-1)),
            Finite(duration) => Millis::encode(duration),
        }
    }

    fn decode(bytes: &[u8]) -> Option<Period> {
        if from_int(bytes)? < 0 { Some(Infinite) } else { Millis::decode(bytes).map(Finite) }
    }

    fn show(value: &Period, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match value {
            Infinite => f.write_str("Infinite"),
            Finite(duration) => fmt::Debug::fmt(duration, f),
        }
    }
}

/// A period that may be infinite: 0 in C.
pub struct OrForever;

impl Codec for OrForever {
    type Value = Period;

    fn encode(value: &Period) -> Result<Vec<u8>, &'static str> {
        match value {
            Infinite => Ok(int(0)),
            Finite(duration) => Millis::encode(duration),
        }
    }

    fn decode(bytes: &[u8]) -> Option<Period> {
        if from_int(bytes)? == 0 { Some(Infinite) } else { Millis::decode(bytes).map(Finite) }
    }

    fn show(value: &Period, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Timeout::show(value, f)
    }
}

/// A high water mark: the number of messages, or 0 for no limit.
pub struct Mark;

impl Codec for Mark {
    type Value = HighWaterMark;

    fn encode(value: &HighWaterMark) -> Result<Vec<u8>, &'static str> {
        if value.0 < 0 {
            Err("a high water mark is a number of messages from 0, which is no limit, to \
                 2147483647")
        } else {
            Ok(int(value.0))
        }
    }

    fn decode(bytes: &[u8]) -> Option<HighWaterMark> {
        from_int(bytes).map(HighWaterMark)
    }

    fn show(value: &HighWaterMark, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&value.0, f)
    }
}

/// The maximum size of a message, or `None` for no limit: -1 in C.
pub struct MaxSize;

impl Codec for MaxSize {
    type Value = Option<u64>;
    const SIZE: Size = Size::LONG;

    fn encode(value: &Option<u64>) -> Result<Vec<u8>, &'static str> {
        let size = value.map_or(Ok(-1), i64::try_from).map_err(|_| "the size is too large")?;
        Ok(size.to_ne_bytes().to_vec())
    }

    fn decode(bytes: &[u8]) -> Option<Option<u64>> {
        Some(u64::try_from(i64::from_ne_bytes(bytes.try_into().ok()?)).ok())
    }

    fn show(value: &Option<u64>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_option::<Mask>(value, f)
    }
}

/// An integer of 64 bits.
pub struct Mask;

impl Codec for Mask {
    type Value = u64;
    const SIZE: Size = Size::LONG;

    fn encode(value: &u64) -> Result<Vec<u8>, &'static str> {
        Ok(value.to_ne_bytes().to_vec())
    }

    fn decode(bytes: &[u8]) -> Option<u64> {
        Some(u64::from_ne_bytes(bytes.try_into().ok()?))
    }
}

/// Text with a length between two bounds. C returns it with a NUL at the end.
pub struct Text<const MIN: usize, const MAX: usize>;

impl<const MIN: usize, const MAX: usize> Codec for Text<MIN, MAX> {
    type Value = String;
    const SIZE: Size = Size::Any;

    fn encode(value: &String) -> Result<Vec<u8>, &'static str> {
        if !(MIN..=MAX).contains(&value.len()) {
            return Err(Self::ACCEPTED);
        }
        if value.contains('\0') {
            return Err("the text has a NUL in it");
        }
        Ok(value.clone().into_bytes())
    }

    fn decode(bytes: &[u8]) -> Option<String> {
        let text = bytes.strip_suffix(&[0]).unwrap_or(bytes);
        String::from_utf8(text.to_vec()).ok()
    }
}

/// A filter of addresses that may connect. Empty text means all.
pub struct AcceptFilter;

impl Codec for AcceptFilter {
    type Value = String;
    const SIZE: Size = Size::Any;

    fn encode(value: &String) -> Result<Vec<u8>, &'static str> {
        if cfg!(not(zmq_has = "patches")) && !value.is_empty() && !value.contains(':') {
            return Err("this libzmq lets every IPv4 peer pass an IPv4 filter: write \
                        ::ffff:192.0.2.0/120 for 192.0.2.0/24");
        }
        Text::<0, 255>::encode(value)
    }

    fn decode(bytes: &[u8]) -> Option<String> {
        Text::<0, 255>::decode(bytes)
    }
}

/// Bytes with a length between two bounds.
pub struct Bytes<const MIN: usize, const MAX: usize>;

impl<const MIN: usize, const MAX: usize> Codec for Bytes<MIN, MAX> {
    type Value = Vec<u8>;
    const SIZE: Size = Size::Any;

    fn encode(value: &Vec<u8>) -> Result<Vec<u8>, &'static str> {
        if (MIN..=MAX).contains(&value.len()) { Ok(value.clone()) } else { Err(Self::ACCEPTED) }
    }

    fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
        Some(bytes.to_vec())
    }

    fn show(value: &Vec<u8>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&String::from_utf8_lossy(value), f)
    }
}

/// A set of flags.
pub struct Bits<F>(F);

impl<F: Flags<Bits = i32> + Copy + fmt::Debug> Codec for Bits<F> {
    type Value = F;

    fn encode(value: &F) -> Result<Vec<u8>, &'static str> {
        Ok(int(value.bits()))
    }

    fn decode(bytes: &[u8]) -> Option<F> {
        from_int(bytes).map(F::from_bits_truncate)
    }
}

pub type Stop = Bits<ReconnectStop>;
pub type NotifyOn = Bits<RouterNotify>;

/// Whether a socket is readable and writable.
pub struct Readiness;

impl Codec for Readiness {
    type Value = Trigger;

    fn encode(_: &Trigger) -> Result<Vec<u8>, &'static str> {
        Err("messages make a socket ready")
    }

    fn decode(bytes: &[u8]) -> Option<Trigger> {
        from_int(bytes)?.try_into().ok().map(Trigger::from_bits_truncate)
    }
}

/// An enum whose values have numbers in C.
pub struct Named<T>(T);

impl<T> Codec for Named<T>
where
    T: Numbered + fmt::Debug,
{
    type Value = T;

    fn encode(value: &T) -> Result<Vec<u8>, &'static str> {
        Ok(int(value.number()))
    }

    fn decode(bytes: &[u8]) -> Option<T> {
        T::from_number(from_int(bytes)?)
    }
}

pub type NameType = Named<GssapiNameType>;
pub type CongestionControl = Named<NormCongestionControl>;

/// The type of a socket.
pub struct TypeNumber;

impl Codec for TypeNumber {
    type Value = SocketType;

    fn encode(_: &SocketType) -> Result<Vec<u8>, &'static str> {
        Err("a socket keeps its type")
    }

    fn decode(bytes: &[u8]) -> Option<SocketType> {
        SocketType::from_c(from_int(bytes)?)
    }
}

/// An endpoint in the text of C, or `None` if it is empty.
pub struct Address;

impl Codec for Address {
    type Value = Option<Endpoint>;
    const SIZE: Size = Size::Any;

    fn encode(_: &Self::Value) -> Result<Vec<u8>, &'static str> {
        Err("the endpoint is what it is")
    }

    fn decode(bytes: &[u8]) -> Option<Self::Value> {
        let text = Text::<0, { usize::MAX }>::decode(bytes)?;
        if text.is_empty() {
            return Some(None);
        }
        // A libzmq without our patches leaves out the scheme of udp.
        let endpoint = if text.contains("://") { text } else { format!("udp://{text}") };
        Endpoint::try_from(as_ipv4(endpoint)).ok().map(Some)
    }
}

/// Converts an IPv4-mapped IPv6 address back to IPv4: a socket that uses IPv6 returns it for an
/// IPv4 endpoint. libzmq accepts both forms for tcp, but not for ws.
fn as_ipv4(endpoint: String) -> String {
    let mapped = endpoint.strip_prefix("tcp://[::ffff:").and_then(|rest| {
        let (address, after) = rest.split_once(']')?;
        address.parse::<Ipv4Addr>().ok()?;
        Some(format!("tcp://{address}{after}"))
    });
    mapped.unwrap_or(endpoint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_of_a_unit_is_rounded_up() {
        assert_eq!(Millis::encode(&Duration::from_micros(1)), Ok(int(1)));
        assert_eq!(Seconds::encode(&Duration::from_millis(1001)), Ok(int(2)));
        assert_eq!(TimeToLive::encode(&Duration::from_millis(101)), Ok(int(200)));
        assert_eq!(TimeToLive::encode(&Duration::from_millis(6_553_500)), Ok(int(6_553_500)));
    }

    #[test]
    fn what_c_cannot_hold_is_refused() {
        assert!(Millis::encode(&Duration::MAX).is_err());
        assert!(TimeToLive::encode(&Duration::from_secs(7000)).is_err());
        assert!(Mark::encode(&HighWaterMark::from(-1)).is_err());
        assert!(MaxSize::encode(&Some(u64::MAX)).is_err());
        assert!(Text::<1, 3>::encode(&"four".into()).is_err());
        assert!(Text::<1, 3>::encode(&"\0".into()).is_err());
        assert!(Number::<1, 5>::encode(&6).is_err());
    }

    #[test]
    fn an_ipv4_endpoint_stays_one_on_an_ipv6_socket() {
        let endpoint = Address::decode(b"tcp://[::ffff:127.0.0.1]:5555\0").flatten();
        assert_eq!(endpoint, Endpoint::try_from("tcp://127.0.0.1:5555").ok());
        let endpoint = Address::decode(b"tcp://[::1]:5555\0").flatten();
        assert_eq!(endpoint, Endpoint::try_from("tcp://[::1]:5555").ok());
    }

    #[test]
    fn infinite_and_none_come_back() {
        assert_eq!(Timeout::decode(&int(-1)), Some(Infinite));
        assert_eq!(OrSystem::<Seconds>::decode(&int(-1)), Some(None));
        assert_eq!(OrOff::<Millis>::decode(&int(0)), Some(None));
        assert_eq!(MaxSize::decode(&(-1_i64).to_ne_bytes()), Some(None));
    }
}
