//! Share marks: what a link says of the way it came by, `{letter of the channel}-{partner's half}`.

/// The partner's half of a share mark: FNV-1a, 32 bits, of the origin, in base 36.
pub fn partner_mark(origin: &str) -> String {
    let fnv = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    base36(origin.bytes().fold(0x811c_9dc5, fnv))
}

fn base36(mut number: u32) -> String {
    let mut digits = Vec::new();
    loop {
        digits.extend(char::from_digit(number % 36, 36));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_fnv_1a_in_base_36() {
        // Test vectors of the FNV authors: "" and "a".
        assert_eq!(partner_mark(""), base36(0x811c_9dc5));
        assert_eq!(partner_mark("a"), base36(0xe40c_292c));
        assert_eq!(base36(0), "0");
        assert_eq!(u32::from_str_radix(&base36(u32::MAX), 36), Ok(u32::MAX));
    }
}
