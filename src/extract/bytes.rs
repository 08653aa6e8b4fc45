//! Many bytes at once: as lanes of a number, or in steps that a processor takes whole.

/// Every byte 1.
const ONES: u64 = u64::MAX / 255;
/// The high bit of every byte: where a sum of seven bits and less than 0x80 shows what the byte was, without reaching the next.
const HIGH: u64 = ONES * 0x80;

/// Eight bytes as a number, the first lowest; zeros behind the end.
#[inline]
fn eight(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => bytes.iter().skip(at).rev().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    }
}

/// The ASCII letters that stand at `at`, in small and at most eight, the first lowest; and how many they are.
#[inline]
pub fn small_letters(bytes: &[u8], at: usize) -> (u64, usize) {
    let bytes = eight(bytes, at);
    let small = (bytes | (ONES * 0x20)) & !HIGH;
    let from_a = small + ONES * (0x80 - b'a' as u64);
    let behind_z = small + ONES * (0x80 - (b'z' + 1) as u64);
    let others = (!(from_a & !behind_z) | bytes) & HIGH;
    let count = others.trailing_zeros() as usize / 8;
    let own = if count < 8 { (1 << (8 * count)) - 1 } else { u64::MAX };
    (small & own, count)
}

/// Some byte is one of those.
pub fn any(bytes: &[u8], is: impl Fn(u8) -> bool) -> bool {
    bytes.chunks(STEP).any(|step| step.iter().fold(0, |any, byte| any | u8::from(is(*byte))) != 0)
}

/// Bytes of a step that is taken without a branch for each.
const STEP: usize = 32;

/// How many of the first bytes are taken as they are: whole visible characters but for the beginnings of markup and references and the
/// bar, which may part cells, and blanks behind no other blank.
pub fn plain_run(bytes: &[u8], mut spaced: bool) -> usize {
    let (mut at, mut stepwise) = (0, 0);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        // A step without a branch for each byte; braces and tildes, which share a range with the bar, are left to what follows.
        // Where one has failed, something stands in the way and is nearer than the next.
        let ahead = rest
            .first_chunk::<STEP>()
            .filter(|_| at >= stepwise)
            .zip(rest.get(1..).and_then(|rest| rest.first_chunk::<STEP>()));
        let may_stop = |byte: u8, next: u8| {
            (byte.wrapping_sub(b' ') >= b'|' - b' ')
                | (byte == b'<')
                | (byte == b'&')
                | ((byte == b' ') & (next == b' '))
        };
        if let Some((step, next)) = ahead
            && !(spaced && step[0] == b' ')
            && step.iter().zip(next).fold(0, |any, (byte, next)| any | u8::from(may_stop(*byte, *next))) == 0
        {
            spaced = step[STEP - 1] == b' ';
            at += STEP;
            continue;
        }
        if ahead.is_some() {
            stepwise = at + STEP;
        }
        // Eight ASCII bytes at once, to find the one that is not plain: in each number, the high bit of a byte tells; nothing carries
        // from a byte into the next.
        let step = rest.first_chunk().map(|step| u64::from_le_bytes(*step)).filter(|step| step & HIGH == 0);
        if let Some(step) = step {
            let is_not = |byte: u8| (step ^ (ONES * u64::from(byte))) + ONES * 0x7f;
            let visible = step + ONES * (0x80 - 0x20);
            let blanks = !is_not(b' ') & HIGH;
            let double = blanks & (blanks << 8 | if spaced { 0x80 } else { 0 });
            let plain = visible & is_not(b'<') & is_not(b'&') & is_not(b'|') & is_not(0x7f);
            let stops = (!plain | double) & HIGH;
            if stops != 0 {
                return at + stops.trailing_zeros() as usize / 8;
            }
            spaced = blanks >> 63 == 1;
            at += 8;
            continue;
        }
        for byte in rest.iter().take(8) {
            match byte {
                // Characters that begin with one of the last four may be blanks or invisible.
                0..=0x1f | b'<' | b'&' | b'|' | 0x7f | 0xc2 | 0xe1..=0xe3 | 0xef => return at,
                b' ' if spaced => return at,
                _ => spaced = *byte == b' ',
            }
            at += 1;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_told_from_their_neighbours() {
        let cases: &[(&[u8], &[u8])] = &[
            (b"Mill Street", b"mill"),
            (b"Workshops", b"workshop"),
            (b"az", b"az"),
            (b"AZ[", b"az"),
            (b"@a", b""),
            (b"a`b", b"a"),
            (b"o{", b"o"),
            (b"caf\xc3\xa9 au lait", b"caf"),
            (b"", b""),
        ];
        for (bytes, letters) in cases {
            let (number, count) = small_letters(bytes, 0);
            assert_eq!((&number.to_le_bytes()[..count], count), (*letters, letters.len()), "{bytes:?}");
            assert!(number.to_le_bytes()[count..].iter().all(|byte| *byte == 0), "{bytes:?}");
        }
    }

    /// What the run is, byte by byte.
    fn run(bytes: &[u8], mut spaced: bool) -> usize {
        let stops = |byte: &u8| {
            let stop = matches!(byte, 0..=0x1f | b'<' | b'&' | b'|' | 0x7f | 0xc2 | 0xe1..=0xe3 | 0xef)
                || spaced && *byte == b' ';
            spaced = *byte == b' ';
            stop
        };
        bytes.iter().position(stops).unwrap_or(bytes.len())
    }

    #[test]
    fn a_run_ends_at_the_same_byte_wherever_that_stands() {
        for stop in ["", "<", "&", "|", "  ", "\n", "\u{7f}", "\u{a0}", "–", "é", "~", "}", "漢"] {
            for before in 0..70 {
                let text = format!("{}{stop}{}", "a b".repeat(30).get(..before).unwrap(), "c d".repeat(20));
                for spaced in [false, true] {
                    let expected = run(text.as_bytes(), spaced);
                    assert_eq!(plain_run(text.as_bytes(), spaced), expected, "{stop:?} behind {before}, {spaced}");
                    assert!(text.is_char_boundary(expected), "{stop:?} behind {before}");
                }
            }
        }
    }

    #[test]
    fn one_byte_of_many_is_found() {
        let digit = |byte: u8| byte.is_ascii_digit();
        assert!(any(b"5", digit) && any(&[b"a".repeat(70), b"5".to_vec()].concat(), digit));
        assert!(!any(b"", digit) && !any(&b"a".repeat(70), digit));
    }
}
