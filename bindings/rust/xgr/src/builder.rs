//! The shape of options: made by `default()` and by functions with the names of the members.

/// Defines a struct of options. Other crates cannot write it as a literal, so that a new member breaks none of
/// them: `JsonFormat::default().layout(JsonLayout::Indent).indent(2)` is one expression, too. What a function
/// sets is the value itself where the member is an `Option`.
macro_rules! options {
    (@setters) => {};
    (@setters $(#[$doc:meta])* pub $member:ident: Option<$type:ty>, $($rest:tt)*) => {
        #[doc = concat!("The same options with this [`", stringify!($member), "`](Self::", stringify!($member), ").")]
        #[must_use]
        pub fn $member(mut self, value: $type) -> Self {
            self.$member = Some(value);
            self
        }
        options!(@setters $($rest)*);
    };
    (@setters $(#[$doc:meta])* pub $member:ident: $type:ty, $($rest:tt)*) => {
        #[doc = concat!("The same options with this [`", stringify!($member), "`](Self::", stringify!($member), ").")]
        #[must_use]
        pub fn $member(mut self, value: $type) -> Self {
            self.$member = value;
            self
        }
        options!(@setters $($rest)*);
    };
    ($(#[$meta:meta])* pub struct $name:ident$(<$life:lifetime>)? { $($members:tt)* }) => {
        $(#[$meta])*
        #[non_exhaustive]
        pub struct $name$(<$life>)? { $($members)* }

        impl$(<$life>)? $name$(<$life>)? {
            options!(@setters $($members)*);
        }
    };
}

pub(crate) use options;
