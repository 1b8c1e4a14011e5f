//! Unions that stay open: what a server adds later is kept as it came and sent back
//! unchanged. Generated crates call these macros; the types that they make are plain Rust
//! enums.

/// A union told apart by one property, with one more variant for what is not listed.
///
/// Each variant lists the values of the property that mean it, the one that is sent first. A
/// variant that lists none is the base: it stands for objects that do not carry the property.
/// `default` after the list makes a variant stand for values that no variant lists, and for
/// their absence; `own` says that the type writes the property itself.
#[macro_export]
macro_rules! tagged_union {
    (
        $(#[$meta:meta])*
        pub enum $name:ident by $property:literal {
            $($(#[$variant_meta:meta])* $variant:ident($inner:ty) = [$($tag:literal),*] $($flag:ident)*,)*
            ..$unknown:ident
        }
    ) => {
        $crate::union_type!($(#[$meta])* $name { $($(#[$variant_meta])* $variant($inner),)* ..$unknown });

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(inner) => {
                        if const { $crate::__private::has(&[$(stringify!($flag)),*], "own") } {
                            return $crate::__private::serde::Serialize::serialize(inner, serializer);
                        }
                        let tags: &[$crate::__private::Tag] =
                            const { &[$($crate::__private::Literal($tag).tag()),*] };
                        $crate::__private::write_tagged(serializer, $property, tags, inner)
                    })*
                    Self::$unknown(value) => {
                        $crate::__private::serde::Serialize::serialize(value, serializer)
                    }
                }
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let value = $crate::__private::received(deserializer)?;
                let variants: &[$crate::__private::Variant<Self>] = const { &[
                    $($crate::__private::Variant {
                        tags: &[$($crate::__private::Literal($tag).tag()),*],
                        is_default: $crate::__private::has(&[$(stringify!($flag)),*], "default"),
                        read: |value| {
                            $crate::__private::parse::<$inner>(value).map(Self::$variant)
                        },
                    },)*
                ] };
                if let ::std::option::Option::Some(union) =
                    $crate::__private::tagged(&value, $property, variants)
                {
                    return ::std::result::Result::Ok(union);
                }
                $crate::__private::unlisted();
                ::std::result::Result::Ok(Self::$unknown(value))
            }
        }
    };
}

/// A union told apart by what fits best, with one more variant for what fits none.
#[macro_export]
macro_rules! untagged_union {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident($inner:ty),)*
            ..$unknown:ident
        }
    ) => {
        $crate::union_type!($(#[$meta])* $name { $($(#[$variant_meta])* $variant($inner),)* ..$unknown });

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(inner) => {
                        $crate::__private::serde::Serialize::serialize(inner, serializer)
                    })*
                    Self::$unknown(value) => {
                        $crate::__private::serde::Serialize::serialize(value, serializer)
                    }
                }
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let value = $crate::__private::received(deserializer)?;
                let candidates: &[$crate::union::Candidate<Self>] = &[
                    $(|value| $crate::__private::parse::<$inner>(value).map(Self::$variant),)*
                ];
                if let ::std::option::Option::Some(union) =
                    $crate::__private::best(&value, candidates)
                {
                    return ::std::result::Result::Ok(union);
                }
                $crate::__private::unlisted();
                ::std::result::Result::Ok(Self::$unknown(value))
            }
        }
    };
}

/// The enum of a union, and the ways into it.
#[doc(hidden)]
#[macro_export]
macro_rules! union_type {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$variant_meta:meta])* $variant:ident($inner:ty),)* ..$unknown:ident }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant($inner),)*
            /// A value that the document does not describe, as it came.
            $unknown($crate::Json),
        }

        $(
            impl ::std::convert::From<$inner> for $name {
                fn from(inner: $inner) -> Self {
                    Self::$variant(inner)
                }
            }
        )*
    };
}
