//! Bytes → text.
//!
//! In: a document's bytes, and the media type its server named. Out: text without a byte order mark; or `None` for what is no text. The order: byte order mark, HTTP charset, XML or meta
//! declaration (WHATWG labels), UTF-8 if it is that, else what chardetng guesses. UTF-32, which WHATWG dropped, is decoded by hand.

use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// What leads from ASCII to other letters in ISO-2022-JP.
const SHIFT: u8 = 0x1b;

/// Decodes; `None` for binary content. Control characters are gone, and those of the C1 range what Windows means by them.
pub(super) fn decode<'b>(bytes: &'b [u8], media_type: Option<&str>) -> Option<Cow<'b, str>> {
    let (text, _) = decoded(bytes, media_type);
    match is_strange(&text) {
        false => Some(text),
        true => is_text(&text).then(|| Cow::Owned(without_controls(&text))),
    }
}

fn without_controls(text: &str) -> String {
    let known = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    text.chars().map(crate::model::referred).filter(known).collect()
}

/// The text, and the label of its encoding as far as it was told, else its name.
pub(super) fn decoded<'b>(bytes: &'b [u8], media_type: Option<&str>) -> (Cow<'b, str>, Cow<'static, str>) {
    if let Some((text, label)) = utf32(bytes) {
        return (Cow::Owned(text), Cow::Borrowed(label));
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return lossy(encoding, bytes.get(length..).unwrap_or_default());
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return lossy(encoding, bytes);
    }
    // Without a charset, text/* is ASCII (RFC 3023 §8.5); nobody keeps to it, so that only holds where it does no harm.
    let is_text = media_type.is_some_and(|it| it.trim_start().to_ascii_lowercase().starts_with("text/"));
    let is_plain = || bytes.is_ascii() && memchr::memchr(SHIFT, bytes).is_none();
    let ascii = || (is_text && is_plain()).then_some((UTF_8, Cow::Borrowed("us-ascii")));
    let told = media_type.and_then(charset_of).or_else(ascii).or_else(|| declared_inside(bytes));
    if let Some((encoding, label)) = told
        && let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes)
    {
        return (text, label);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), Cow::Borrowed("UTF-8")),
        Err(_) => lossy(guessed(bytes), bytes),
    }
}

fn lossy<'b>(encoding: &'static Encoding, bytes: &'b [u8]) -> (Cow<'b, str>, Cow<'static, str>) {
    (encoding.decode_without_bom_handling(bytes).0, Cow::Borrowed(encoding.name()))
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    // UTF-8 that is cut off or damaged is still UTF-8: in no other encoding most of what is not ASCII looks like it.
    let text = String::from_utf8_lossy(bytes);
    let bad = text.matches('\u{fffd}').count();
    if bad * 2 < text.chars().filter(|c| !c.is_ascii()).count() {
        return UTF_8;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Deny)
}

/// The charset parameter of a media type. `iso-8859-1` means windows-1252, as everywhere on the web.
fn charset_of(media_type: &str) -> Option<Told> {
    let lower = media_type.to_ascii_lowercase();
    let mut parameters = lower.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let (_, label) = parameters.find(|(name, _)| name.trim() == "charset")?;
    usable(label.trim().trim_matches(['"', '\'']))
}

/// An encoding, and the label it was told by.
type Told = (&'static Encoding, Cow<'static, str>);

fn usable(label: &str) -> Option<Told> {
    let encoding = Encoding::for_label(label.as_bytes())?;
    Some(match encoding {
        // A declaration that could be read as ASCII is not in UTF-16, whatever it says.
        _ if encoding == UTF_16BE || encoding == UTF_16LE => (UTF_8, Cow::Borrowed("UTF-8")),
        // GB 2312 and GBK are read as what contains them.
        _ if encoding == GBK || encoding == GB18030 => (GB18030, Cow::Borrowed("gb18030")),
        _ => (encoding, Cow::Owned(label.to_owned())),
    })
}

/// `<?xml … encoding="…"?>`, or `<meta … charset=…>` within the first 1024 bytes (HTML §13.2.3.2).
fn declared_inside(bytes: &[u8]) -> Option<Told> {
    let head = bytes.get(..bytes.len().min(1024))?;
    if head.trim_ascii_start().first() != Some(&b'<') {
        return None;
    }
    let head: String =
        head.iter().map(|b| if b.is_ascii() { char::from(*b).to_ascii_lowercase() } else { ' ' }).collect();
    let start = head.trim_start();
    let declaration = if start.starts_with("<?xml") {
        start.split_once("?>").map_or(start, |(d, _)| d).split_once("encoding").map(|(_, rest)| rest)
    } else if start.starts_with('<') {
        start
            .split("<meta")
            .skip(1)
            .find_map(|meta| meta.split('>').next()?.split_once("charset").map(|(_, rest)| rest))
    } else {
        None
    }?;
    let label = declaration.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end =
        label.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.'))).unwrap_or(label.len());
    usable(label.get(..end)?)
}

fn utf32(bytes: &[u8]) -> Option<(String, &'static str)> {
    let (big, skip) = match bytes {
        [0, 0, 0xfe, 0xff, ..] => (true, 4),
        [0xff, 0xfe, 0, 0, ..] => (false, 4),
        [0, 0, 0, b'<', ..] => (true, 0),
        [b'<', 0, 0, 0, ..] => (false, 0),
        _ => return None,
    };
    let units = bytes.get(skip..)?.chunks_exact(4).filter_map(|unit| <[u8; 4]>::try_from(unit).ok());
    let code = |unit| if big { u32::from_be_bytes(unit) } else { u32::from_le_bytes(unit) };
    let text = units.map(|unit| char::from_u32(code(unit)).unwrap_or('\u{fffd}')).collect();
    Some((text, if big { "UTF-32BE" } else { "UTF-32LE" }))
}

fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0, b'<', 0, _, ..] => Some(UTF_16BE),
        [b'<', 0, _, 0, ..] => Some(UTF_16LE),
        _ => None,
    }
}

/// True where control characters or undecoded ones stand in it.
fn is_strange(text: &str) -> bool {
    const SLICE: usize = 1024;
    // Most slices of most texts hold nothing strange.
    let may_be = text.as_bytes().chunks(SLICE).any(|slice| any(slice, is_not_plain) && any(slice, may_begin_strange));
    may_be && text.chars().any(|c| c == '\u{fffd}' || c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

/// True if one of the bytes is such a one. They are looked at many in one step: there is no branch.
fn any(bytes: &[u8], is_one: impl Fn(u8) -> bool) -> bool {
    bytes.iter().fold(false, |any, byte| any | is_one(*byte))
}

/// True for what is neither printed ASCII nor white space. Signed, all but ASCII is below it.
fn is_not_plain(byte: u8) -> bool {
    (byte.cast_signed() < 0x20) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r') | (byte == 0x7f)
}

/// True for control characters, and for what the others begin with in UTF-8, as do marks of many texts.
fn may_begin_strange(byte: u8) -> bool {
    is_not_plain(byte) & (byte < 0x80) | (byte == 0xc2) | (byte == 0xef)
}

/// Text holds no NUL and hardly any other control character or character that could not be decoded.
fn is_text(text: &str) -> bool {
    let (mut all, mut nuls, mut strange) = (0, 0, 0);
    for c in text.chars().take(64 * 1024) {
        all += 1;
        if c < ' ' || ('\u{7f}'..='\u{9f}').contains(&c) || c == '\u{fffd}' {
            nuls += usize::from(c == '\0');
            strange += usize::from(!matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{b}' | '\u{1b}' | '\u{85}'));
        }
    }
    nuls * 1000 <= all && strange * 20 <= all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_goes_from_mark_to_guess() {
        let cases: &[(&[u8], Option<&str>, &str)] = &[
            (b"\xef\xbb\xbfcaf\xc3\xa9", Some("text/plain; charset=iso-8859-1"), "café"),
            (b"caf\xe9", Some("text/plain; charset=\"ISO-8859-1\""), "café"),
            (
                b"<?xml version='1.0' encoding='windows-1251'?><a>\xcf</a>",
                None,
                "<?xml version='1.0' encoding='windows-1251'?><a>П</a>",
            ),
            (b"<html><meta charset=iso-8859-2><p>\xb1", None, "<html><meta charset=iso-8859-2><p>ą"),
            ("naïve".as_bytes(), None, "naïve"),
            (b"\xff\xfea\0b\0", None, "ab"),
            (b"\0<\0a\0>", None, "<a>"),
            (b"\xff\xfe\0\0a\0\0\0", None, "a"),
            (b"\0\0\0<\0\0\0a", None, "<a"),
            (b"<meta charset=iso-2022-jp><p>\x1b$B8P\x1b(B", Some("text/html"), "<meta charset=iso-2022-jp><p>湖"),
            (
                b"Swim\x08 on Saturday, and don\xc2\x92t forget a towel and a friend",
                None,
                "Swim on Saturday, and don\u{2019}t forget a towel and a friend",
            ),
        ];
        for (bytes, media_type, expected) in cases {
            assert_eq!(decode(bytes, *media_type).as_deref(), Some(*expected), "{expected}");
        }
    }

    #[test]
    fn a_wrong_declaration_gives_way_to_what_the_bytes_say() {
        assert_eq!(decode(b"caf\xe9 au lait", Some("text/plain; charset=utf-8")).as_deref(), Some("café au lait"));
        assert_eq!(
            decode("<?xml encoding='utf-16'?>é".as_bytes(), None).as_deref(),
            Some("<?xml encoding='utf-16'?>é")
        );
    }

    #[test]
    fn pictures_are_no_text() {
        assert_eq!(decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01", None), None);
        assert_eq!(decode(&[0; 64], None), None);
    }
}
