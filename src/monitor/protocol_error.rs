use std::fmt;

use libzmq_sys as sys;

macro_rules! protocol_errors {
    ($($name:ident = $number:ident: $text:literal;)*) => {
        /// How a handshake broke the protocol.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ProtocolError {
            $(
                #[doc = concat!("The error: ", $text, ".")]
                $name,
            )*
            /// An error that this crate does not know, by its number.
            Other(u32),
        }

        impl ProtocolError {
            pub(super) fn of(number: u32) -> Self {
                match number {
                    $(sys::$number => Self::$name,)*
                    _ => Self::Other(number),
                }
            }
        }

        impl fmt::Display for ProtocolError {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name => f.write_str($text),)*
                    Self::Other(number) => write!(f, "error {number:#x}"),
                }
            }
        }
    };
}

protocol_errors! {
    Zmtp = ZMQ_PROTOCOL_ERROR_ZMTP_UNSPECIFIED: "not ZeroMQ's protocol";
    UnexpectedCommand = ZMQ_PROTOCOL_ERROR_ZMTP_UNEXPECTED_COMMAND: "a command that was not expected";
    InvalidSequence = ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_SEQUENCE: "a wrong number in a sequence";
    KeyExchange = ZMQ_PROTOCOL_ERROR_ZMTP_KEY_EXCHANGE: "a failed exchange of keys";
    MalformedCommand = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED: "a malformed command";
    MalformedMessage = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_MESSAGE: "a malformed MESSAGE command";
    MalformedHello = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_HELLO: "a malformed HELLO command";
    MalformedInitiate = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_INITIATE: "a malformed INITIATE command";
    MalformedError = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_ERROR: "a malformed ERROR command";
    MalformedReady = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_READY: "a malformed READY command";
    MalformedWelcome = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_WELCOME: "a malformed WELCOME command";
    InvalidMetadata = ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_METADATA: "metadata that is not valid";
    Cryptographic = ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC: "what was encrypted cannot be decrypted: wrong keys";
    MechanismMismatch = ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH: "the two sides have different mechanisms";
    Zap = ZMQ_PROTOCOL_ERROR_ZAP_UNSPECIFIED: "an error of the authentication handler";
    ZapMalformedReply = ZMQ_PROTOCOL_ERROR_ZAP_MALFORMED_REPLY: "a malformed reply of the authentication handler";
    ZapBadRequestId = ZMQ_PROTOCOL_ERROR_ZAP_BAD_REQUEST_ID: "a reply of the authentication handler to something else";
    ZapBadVersion = ZMQ_PROTOCOL_ERROR_ZAP_BAD_VERSION: "an authentication handler of another version";
    ZapInvalidStatus = ZMQ_PROTOCOL_ERROR_ZAP_INVALID_STATUS_CODE: "a status that the authentication handler may not give";
    ZapInvalidMetadata = ZMQ_PROTOCOL_ERROR_ZAP_INVALID_METADATA: "metadata of the authentication handler that is not valid";
    WebSocket = ZMQ_PROTOCOL_ERROR_WS_UNSPECIFIED: "not the protocol of web sockets";
}
