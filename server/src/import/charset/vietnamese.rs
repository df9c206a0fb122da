//! Two encodings of Vietnam that the web's standard leaves out: TCVN 5712:1993 (VN1; the letters of its subset TCVN3,
//! also called ABC, stand in the same places) and VISCII (RFC 1456). Both are ASCII but for what is here.

use unicode_normalization::UnicodeNormalization;

/// From 0x80. What stands below 0x20 comes from [`TCVN_LOW`].
const TCVN_HIGH: &str = "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\u{a0}ĂÂÊÔƠƯĐăâêôơưđẰ\u{300}\u{309}\u{303}\u{301}\u{323}\
    àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ";
const TCVN_LOW: &[(u8, char)] = &[
    (0x01, 'Ú'),
    (0x02, 'Ụ'),
    (0x04, 'Ừ'),
    (0x05, 'Ử'),
    (0x06, 'Ữ'),
    (0x11, 'Ứ'),
    (0x12, 'Ự'),
    (0x13, 'Ỳ'),
    (0x14, 'Ỷ'),
    (0x15, 'Ỹ'),
    (0x16, 'Ý'),
    (0x17, 'Ỵ'),
];
const VISCII_HIGH: &str = "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ";
const VISCII_LOW: &[(u8, char)] =
    &[(0x02, 'Ẳ'), (0x05, 'Ẵ'), (0x06, 'Ẫ'), (0x14, 'Ỷ'), (0x19, 'Ỹ'), (0x1e, 'Ỵ')];

/// The text, in NFC, if the name is that of one of the two.
pub(super) fn decode(bytes: &[u8], label: &str) -> Option<String> {
    let (high, low) = match label {
        "tcvn" | "tcvn3" | "tcvn-3" | "abc" | "tcvn5712" | "tcvn-5712" | "tcvn5712-1"
        | "tcvn5712:1993" | "tcvn-5712:1993" | "x-tcvn" | "x-tcvn3" | "x-tcvn5712" | "x-abc"
        | "x-viet-tcvn" | "x-viet-tcvn3" | "x-viet-tcvn5712" => (TCVN_HIGH, TCVN_LOW),
        "viscii" | "csviscii" | "x-viscii" | "x-viet-viscii" | "viscii1.1-1" => {
            (VISCII_HIGH, VISCII_LOW)
        }
        _ => return None,
    };
    let high: Vec<char> = high.chars().collect();
    let letter = |byte: u8| match byte {
        0x80.. => high[usize::from(byte - 0x80)],
        _ => low
            .iter()
            .find(|(code, _)| *code == byte)
            .map_or(char::from(byte), |(_, letter)| *letter),
    };
    Some(bytes.iter().map(|byte| letter(*byte)).nfc().collect())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Every vowel with every tone, and đ, in both cases.
    fn alphabet() -> HashSet<char> {
        let tones = ["", "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}"];
        let vowels = "aăâeêioôơuưy".chars();
        let toned = vowels
            .flat_map(|vowel| tones.map(|tone| format!("{vowel}{tone}").nfc().collect::<String>()));
        let small = toned.flat_map(|letter| letter.chars().collect::<Vec<_>>()).chain(['đ']);
        small.flat_map(|c| c.to_uppercase().chain([c])).collect()
    }

    #[test]
    fn every_letter_has_one_place_in_each() {
        for label in ["tcvn", "viscii"] {
            let all: Vec<u8> = (0..=255).collect();
            let letters: Vec<char> = all
                .iter()
                .map(|byte| decode(&[*byte], label).unwrap().chars().next().unwrap())
                .collect();
            let distinct: HashSet<char> = letters.iter().copied().collect();
            assert_eq!(distinct.len(), 256, "{label}");
            assert!(alphabet().is_subset(&distinct), "{label}");
        }
        assert_eq!(alphabet().len(), 2 * (12 * 6 + 1));
    }
}
