//! What types share that hold a value beside the text it came in.

/// Has a struct of a `value` and the `text` that it came in, if it is to be kept, behave like the
/// value alone: compared, hashed and shown as that is, but for a text that is shown as it came.
macro_rules! like_its_value {
    ($name:ident) => {
        impl<T> $name<T> {
            /// A value that is written the way `T` displays.
            pub fn new(value: T) -> Self {
                Self { value, text: None }
            }

            /// The value alone.
            pub fn into_inner(self) -> T {
                self.value
            }
        }

        impl<T> ::std::ops::Deref for $name<T> {
            type Target = T;

            fn deref(&self) -> &T {
                &self.value
            }
        }

        impl<T> From<T> for $name<T> {
            fn from(value: T) -> Self {
                Self::new(value)
            }
        }

        impl<T: ::std::fmt::Display> ::std::fmt::Display for $name<T> {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match &self.text {
                    Some(text) => f.write_str(text),
                    None => self.value.fmt(f),
                }
            }
        }

        impl<T: ::std::fmt::Debug> ::std::fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.value).finish()
            }
        }

        impl<T: PartialEq> PartialEq for $name<T> {
            fn eq(&self, other: &Self) -> bool {
                self.value == other.value
            }
        }

        impl<T: PartialEq> PartialEq<T> for $name<T> {
            fn eq(&self, other: &T) -> bool {
                self.value == *other
            }
        }

        impl<T: Eq> Eq for $name<T> {}

        impl<T: PartialOrd> PartialOrd for $name<T> {
            fn partial_cmp(&self, other: &Self) -> Option<::std::cmp::Ordering> {
                self.value.partial_cmp(&other.value)
            }
        }

        impl<T: Ord> Ord for $name<T> {
            fn cmp(&self, other: &Self) -> ::std::cmp::Ordering {
                self.value.cmp(&other.value)
            }
        }

        impl<T: ::std::hash::Hash> ::std::hash::Hash for $name<T> {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                self.value.hash(state);
            }
        }
    };
}

pub(super) use like_its_value;
