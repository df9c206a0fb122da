//! Inputs that nobody would send, out of those that somebody would.

use crate::seed::Random;

/// No input is longer, in bytes: what is wrong with a long one is wrong with a short one.
const LONGEST: usize = 16 << 10;
/// Changes to one input, at most.
const CHANGES: u64 = 5;
/// What parsers wait for, and what they would rather not see.
const WORDS: [&[u8]; 48] = [
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b"\t",
    b" ",
    b"\"",
    b"'",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"<",
    b">",
    b"<!--",
    b"]]>",
    b"&#0;",
    b"&amp;",
    b"</script>",
    b"<script src=",
    b"{",
    b"}",
    b"[",
    b"]",
    b"null",
    b",",
    b";",
    b":",
    b"=",
    b"-",
    b"*",
    b"/",
    b"//",
    b"../",
    b"?",
    b"#",
    b"@",
    b"%00",
    b"%f",
    b"http://",
    b"javascript:",
    b"content-length: 1",
    b"transfer-encoding: chunked",
    b"18446744073709551616",
    b"-1e999",
    b"=?utf-8?q?",
    b"\xff\xfe",
    "\u{202e}".as_bytes(),
    "\u{0301}".as_bytes(),
];

/// One of the seeds, changed in a few places.
pub(super) fn mutated(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut input = one_of(seeds, random).clone();
    for _ in 0..=random.below(CHANGES) {
        change(&mut input, seeds, random);
    }
    input.truncate(LONGEST);
    input
}

fn change(input: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let (start, end) = range(input, random);
    match random.below(7) {
        0 if start < input.len() => input[start] ^= 1 << random.below(8),
        1 => input.truncate(start),
        2 => drop(input.drain(start..end)),
        3 => drop(input.splice(start..start, input[start..end].to_vec())),
        4 => drop(input.splice(start..end, one_of(&WORDS, random).iter().copied())),
        5 => {
            let other = one_of(seeds, random);
            input.truncate(start);
            input.extend_from_slice(&other[place(other, random)..]);
        }
        _ => drop(input.splice(start..start, one_of(&WORDS, random).iter().copied())),
    }
}

fn one_of<'a, T>(all: &'a [T], random: &mut Random) -> &'a T {
    &all[usize::try_from(random.below(all.len() as u64)).unwrap()]
}

/// A place in the input, its end among them.
fn place(input: &[u8], random: &mut Random) -> usize {
    usize::try_from(random.below(input.len() as u64 + 1)).unwrap()
}

fn range(input: &[u8], random: &mut Random) -> (usize, usize) {
    let (one, other) = (place(input, random), place(input, random));
    (one.min(other), one.max(other))
}
