//! Bytes, and expressions that follow them.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// A record while it is written.
pub(super) struct Pieces<'a> {
    private: &'a TokenStream,
    known: Vec<u8>,
    resolved: TokenStream,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(private: &'a TokenStream) -> Self {
        Self {
            private,
            known: Vec::new(),
            resolved: TokenStream::new(),
        }
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.known.push(byte);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.known.extend_from_slice(bytes);
    }

    /// Seven bits a byte, the lowest first.
    pub(super) fn count(&mut self, value: usize) {
        let mut rest = value;
        while rest >= 128 {
            self.known.push(rest.to_le_bytes()[0] | 128);
            rest /= 128;
        }
        self.known.push(rest.to_le_bytes()[0]);
    }

    /// An expression of the type `&'static str`.
    pub(super) fn text(&mut self, text: &TokenStream) {
        let private = self.private;
        self.piece(&quote!(#private::Piece::Text(#text)));
    }

    /// An expression of the type `u32`.
    pub(super) fn number(&mut self, number: &TokenStream) {
        let private = self.private;
        self.piece(&quote!(#private::Piece::Number(#number)));
    }

    /// An expression of the type `Piece`.
    pub(super) fn piece(&mut self, piece: &TokenStream) {
        self.resolved.extend(quote!(#piece,));
    }

    /// The bytes and the expressions.
    pub(super) fn into_tokens(self) -> TokenStream {
        let (known, resolved) = (Literal::byte_string(&self.known), self.resolved);
        quote!(#known, &[#resolved])
    }
}
