//! Conversions from and to text, which `FromStr` and `Display` of a type implement.

/// Implements conversions from the three string types, and serde.
macro_rules! text {
    ($Type:ident) => {
        text!(@written $Type);

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $Type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };

    // Without deserializing.
    (@written $Type:ident) => {
        impl TryFrom<&str> for $Type {
            type Error = $crate::addr::AddrParseError;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl TryFrom<String> for $Type {
            type Error = $crate::addr::AddrParseError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl TryFrom<&String> for $Type {
            type Error = $crate::addr::AddrParseError;

            fn try_from(text: &String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $Type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

/// Implements also `FromStr`, with the type's `parse(&str) -> Result<Self, &'static str>`.
macro_rules! parsed_text {
    ($Type:ident) => {
        impl std::str::FromStr for $Type {
            type Err = $crate::addr::AddrParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text).map_err(|msg| $crate::addr::AddrParseError::new(msg, text))
            }
        }

        text!($Type);
    };
}
