//! An option that can be given once.

use proc_macro2::Span;
use syn::Ident;

use crate::errors::Errors;

/// A value and where it was given.
pub(crate) struct Slot<T>(Option<(Span, T)>);

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Slot<T> {
    /// Keeps the first value; a second one is a mistake.
    pub(crate) fn set(&mut self, key: &Ident, value: T, errors: &mut Errors) {
        if self.0.is_some() {
            errors.push(key.span(), format_args!("`{key}` is given twice"));
        } else {
            self.0 = Some((key.span(), value));
        }
    }

    pub(crate) fn get(&self) -> Option<&T> {
        self.0.as_ref().map(|(_, value)| value)
    }

    /// Where the option was named.
    pub(crate) fn span(&self) -> Option<Span> {
        self.0.as_ref().map(|(span, _)| *span)
    }

    pub(crate) fn take(self) -> Option<(Span, T)> {
        self.0
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.is_some()
    }
}
