//! Panic messages that are put together in const evaluation.

/// A text of limited length.
pub(super) struct Message {
    bytes: [u8; 1024],
    len: usize,
}

impl Message {
    pub(super) const fn new() -> Self {
        Self {
            bytes: [0; 1024],
            len: 0,
        }
    }

    /// The message with a text at its end; what does not fit is cut.
    pub(super) const fn text(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut index = 0;
        while index < text.len() && self.len < self.bytes.len() {
            self.bytes[self.len] = text[index];
            self.len += 1;
            index += 1;
        }
        self
    }

    /// The message with an integer at its end.
    pub(super) const fn integer(self, value: i128) -> Self {
        let message = if value < 0 { self.text("-") } else { self };
        let mut digits = [0; 40];
        let mut at = digits.len();
        let mut rest = value.unsigned_abs();
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        message.text(text_of(digits.split_at(at).1))
    }

    #[track_caller]
    pub(super) const fn panic(&self) -> ! {
        panic!("{}", text_of(self.bytes.split_at(self.len).0))
    }
}

const fn text_of(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => match std::str::from_utf8(bytes.split_at(error.valid_up_to()).0) {
            Ok(text) => text,
            Err(_) => "",
        },
    }
}
