use std::fmt;

use libzmq_sys as sys;

macro_rules! protocol_errors {
    ($($(#[$attribute:meta])* $name:ident = $number:ident: $text:literal;)*) => {
        /// The reason why a handshake violated the protocol.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ProtocolError {
            $(
                #[doc = concat!("The error: ", $text, ".")]
                $(#[$attribute])*
                $name,
            )*
            /// An unknown error, with its number.
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
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZMTP_UNSPECIFIED")]
    Zmtp = ZMQ_PROTOCOL_ERROR_ZMTP_UNSPECIFIED: "not ZeroMQ's protocol";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZMTP_UNEXPECTED_COMMAND")]
    UnexpectedCommand = ZMQ_PROTOCOL_ERROR_ZMTP_UNEXPECTED_COMMAND:
        "a command that was not expected";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_SEQUENCE")]
    InvalidSequence = ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_SEQUENCE: "a wrong number in a sequence";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZMTP_KEY_EXCHANGE")]
    KeyExchange = ZMQ_PROTOCOL_ERROR_ZMTP_KEY_EXCHANGE: "a failed exchange of keys";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED")]
    MalformedCommand = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED: "a malformed command";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_MESSAGE")]
    MalformedMessage = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_MESSAGE:
        "a malformed MESSAGE command";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_HELLO")]
    MalformedHello = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_HELLO: "a malformed HELLO command";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_INITIATE")]
    MalformedInitiate = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_INITIATE:
        "a malformed INITIATE command";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_ERROR")]
    MalformedError = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_ERROR: "a malformed ERROR command";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_READY")]
    MalformedReady = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_READY: "a malformed READY command";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_WELCOME")]
    MalformedWelcome = ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_WELCOME:
        "a malformed WELCOME command";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_METADATA")]
    InvalidMetadata = ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_METADATA:
        "invalid metadata, such as a socket type that is not compatible";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC")]
    Cryptographic = ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC:
        "a command or message cannot be decrypted: wrong keys";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH")]
    MechanismMismatch = ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH:
        "the two peers have different mechanisms";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZAP_UNSPECIFIED")]
    Zap = ZMQ_PROTOCOL_ERROR_ZAP_UNSPECIFIED: "an error of the authentication handler";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZAP_MALFORMED_REPLY")]
    ZapMalformedReply = ZMQ_PROTOCOL_ERROR_ZAP_MALFORMED_REPLY:
        "a malformed reply of the authentication handler";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZAP_BAD_REQUEST_ID")]
    ZapBadRequestId = ZMQ_PROTOCOL_ERROR_ZAP_BAD_REQUEST_ID:
        "a reply of the authentication handler to something else";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZAP_BAD_VERSION")]
    ZapBadVersion = ZMQ_PROTOCOL_ERROR_ZAP_BAD_VERSION:
        "an authentication handler of another version";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZAP_INVALID_STATUS_CODE")]
    ZapInvalidStatus = ZMQ_PROTOCOL_ERROR_ZAP_INVALID_STATUS_CODE:
        "a status that the authentication handler may not give";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_ZAP_INVALID_METADATA")]
    ZapInvalidMetadata = ZMQ_PROTOCOL_ERROR_ZAP_INVALID_METADATA:
        "metadata of the authentication handler that is not valid";
    #[doc(alias = "ZMQ_PROTOCOL_ERROR_WS_UNSPECIFIED")]
    WebSocket = ZMQ_PROTOCOL_ERROR_WS_UNSPECIFIED: "not the protocol of web sockets";
}
