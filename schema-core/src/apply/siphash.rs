//! SipHash-1-3 with a zero key, which refinery takes its checksums with.

/// The hash of `bytes`.
pub(super) fn siphash13(bytes: &[u8]) -> u64 {
    let mut state: [u64; 4] = [
        0x736f_6d65_7073_6575,
        0x646f_7261_6e64_6f6d,
        0x6c79_6765_6e65_7261,
        0x7465_6462_7974_6573,
    ];
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        absorb(&mut state, word_of(word));
    }
    let length = (bytes.len() as u64 & 0xff) << 56;
    absorb(&mut state, word_of(words.remainder()) | length);
    state[2] ^= 0xff;
    for _ in 0..3 {
        mix(&mut state);
    }
    state[0] ^ state[1] ^ state[2] ^ state[3]
}

fn word_of(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |word, byte| word << 8 | u64::from(*byte))
}

fn absorb(state: &mut [u64; 4], word: u64) {
    state[3] ^= word;
    mix(state);
    state[0] ^= word;
}

fn mix([a, b, c, d]: &mut [u64; 4]) {
    *a = a.wrapping_add(*b);
    *c = c.wrapping_add(*d);
    *b = b.rotate_left(13) ^ *a;
    *d = d.rotate_left(16) ^ *c;
    *a = a.rotate_left(32);
    *c = c.wrapping_add(*b);
    *a = a.wrapping_add(*d);
    *b = b.rotate_left(17) ^ *c;
    *d = d.rotate_left(21) ^ *a;
    *c = c.rotate_left(32);
}

#[cfg(test)]
mod tests {
    use super::siphash13;

    /// Values of other implementations, over lengths around a word.
    #[test]
    fn hashes_are_those_of_others() {
        for (text, expected) in VALUES {
            assert_eq!(siphash13(text.as_bytes()), *expected, "{text}");
        }
    }

    const VALUES: &[(&str, u64)] = &[
        ("", 0xd1fb_a762_150c_532c),
        ("a", 0x4074_48d2_b89b_1813),
        ("1234567", 0xa33d_6515_94fd_ae81),
        ("12345678", 0x3489_9824_3056_0a87),
        ("123456789", 0x0fbc_0f00_0796_5fcf),
        ("CREATE TABLE one (id int);\n", 0x2bdc_66b4_c85c_4b1f),
    ];
}
