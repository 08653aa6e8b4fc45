//! A word that only this machine knows: a token in an address, a password in a header field.
//!
//! In: where the config says that it is kept. Out: its value, which stands in requests to its own server and nowhere else: wherever it comes
//! back (an address, a message, a document that names itself), `{secret}` stands in its place.

use super::HttpError;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Deserializer, de};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Stands in the config, and in all that is told, for the value.
pub(super) const MARK: &str = "{secret}";
/// A shorter one would be found in every text by chance.
const SHORTEST: usize = 8;
/// A longer file holds something else.
const LONGEST: usize = 4096;

/// Where a secret is kept: `{ env = "NAME" }` or `{ file = "path" }`.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(inline)]
pub enum Secret {
    /// A variable of the environment.
    Env(String),
    /// A file that holds nothing else. A relative path counts from the config file's folder.
    File(PathBuf),
}

impl Secret {
    pub(super) fn resolved_from(self, folder: &Path) -> Self {
        match self {
            Secret::File(path) => Secret::File(folder.join(path)),
            env @ Secret::Env(_) => env,
        }
    }

    /// Reads it.
    pub(super) fn value(&self) -> Result<Value, HttpError> {
        let (found, at) = match self {
            Secret::Env(name) => (std::env::var(name).map_err(|_| "nothing"), format!("the variable `{name}`")),
            Secret::File(path) => (read(path), format!("the file `{}`", path.display())),
        };
        let wrong = |found| HttpError::Secret { at: at.clone(), found };
        let value = found.map_err(wrong)?.trim().to_owned();
        match value.len() {
            0 => Err(wrong("nothing")),
            length if length < SHORTEST => Err(wrong("a shorter one")),
            _ if value.chars().any(char::is_control) => Err(wrong("control characters or several lines")),
            _ => Ok(Value { encoded: encoded(&value), value }),
        }
    }
}

fn read(path: &Path) -> Result<String, &'static str> {
    use std::io::Read;
    let file = std::fs::File::open(path).map_err(|_| "no file that can be read")?;
    let mut text = String::new();
    let read = file.take(LONGEST as u64 + 1).read_to_string(&mut text).map_err(|_| "no text")?;
    if read > LONGEST { Err("more than 4096 bytes") } else { Ok(text) }
}

/// For any place in an address: all but unreserved characters (RFC 3986 §2.3).
fn encoded(value: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    value.bytes().map(encode).collect()
}

/// The value of a secret. Never shown, not even by `{:?}`.
#[derive(Clone)]
pub(super) struct Value {
    value: String,
    encoded: String,
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(MARK)
    }
}

impl Value {
    /// An address with the secret in its place.
    pub(super) fn in_address(&self, url: &str) -> String {
        url.replace(MARK, &self.encoded)
    }

    fn in_field(&self, value: &str) -> String {
        value.replace(MARK, &self.value)
    }

    /// True where a text tells the secret.
    pub(super) fn is_in(&self, text: &str) -> bool {
        (0..text.len()).any(|at| text.as_bytes().get(at..).is_some_and(|rest| self.told_by(rest).is_some()))
    }

    /// The text without the secret.
    pub(super) fn hide(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.hide_in_bytes(text.as_bytes().to_vec())).into_owned()
    }

    /// The same for bytes: some feeds name their own address, token and all.
    pub(super) fn hide_in_bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        let (mut hidden, mut from, mut at) = (Vec::new(), 0, 0);
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some(length) = self.told_by(rest) {
                hidden.extend_from_slice(bytes.get(from..at).unwrap_or_default());
                hidden.extend_from_slice(MARK.as_bytes());
                at += length;
                from = at;
            } else {
                at += 1;
            }
        }
        if from == 0 {
            return bytes;
        }
        hidden.extend_from_slice(bytes.get(from..).unwrap_or_default());
        hidden
    }

    /// Of how many bytes the secret is that a text begins with, however each of its characters is spelled; none where it begins otherwise.
    fn told_by(&self, text: &[u8]) -> Option<usize> {
        let value = self.value.as_bytes();
        if text.get(..value.len()).is_some_and(|start| start.eq_ignore_ascii_case(value)) {
            return Some(value.len());
        }
        let mut rest = spelled(text, *value.first()?)?;
        for byte in value.iter().skip(1) {
            rest = spelled(unfolded(rest), *byte)?;
        }
        Some(text.len() - rest.len())
    }
}

/// What follows a byte at the beginning of a text: as it is, in upper or lower case, as `%xx` (RFC 3986 §2.1), or after a `\` as JSON may write
/// `/` (RFC 8259 §7) and iCalendar writes `,` (RFC 5545 §3.3.11).
fn spelled(text: &[u8], byte: u8) -> Option<&[u8]> {
    let (first, rest) = text.split_first()?;
    let is_meant = |found: &u8| found.eq_ignore_ascii_case(&byte);
    if *first == b'%'
        && let Some((found, rest)) = encoded_byte(rest)
        && is_meant(&found)
    {
        return Some(rest);
    }
    if *first == b'\\'
        && let Some((found, rest)) = unfolded(rest).split_first()
        && is_meant(found)
    {
        return Some(rest);
    }
    is_meant(first).then_some(rest)
}

/// The byte whose two digits a text begins with, and what follows them.
fn encoded_byte(text: &[u8]) -> Option<(u8, &[u8])> {
    let digit = |text: &[u8]| char::from(*text.first()?).to_digit(16);
    let text = unfolded(text);
    let rest = unfolded(text.get(1..)?);
    let byte = digit(text)? * 16 + digit(rest)?;
    Some((u8::try_from(byte).ok()?, rest.get(1..)?))
}

/// The text after the fold of a line that it begins with (RFC 5545 §3.1), if it does.
fn unfolded(text: &[u8]) -> &[u8] {
    let line = text.strip_prefix(b"\r\n").or_else(|| text.strip_prefix(b"\n"));
    match line {
        Some([b' ' | b'\t', rest @ ..]) => rest,
        _ => text,
    }
}

/// Fields that say how a message is carried or asked for, which is ours to say (RFC 9110 §7.6.1, RFC 9112 §6).
const OURS: [&str; 19] = [
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// The configured header fields with the secret in its place.
pub(super) fn fields(configured: &BTreeMap<String, String>, secret: Option<&Value>) -> Result<HeaderMap, HttpError> {
    let mut headers = HeaderMap::new();
    for (name, value) in configured {
        let filled = secret.map_or_else(|| value.clone(), |secret| secret.in_field(value));
        let bad = || HttpError::Field(name.clone());
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        let mut value = HeaderValue::from_str(&filled).map_err(|_| bad())?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}

pub(super) fn deserialize_fields<'de, D: Deserializer<'de>>(config: D) -> Result<BTreeMap<String, String>, D::Error> {
    let fields = BTreeMap::<String, String>::deserialize(config)?;
    for (name, value) in &fields {
        let lower = name.to_ascii_lowercase();
        if HeaderName::from_bytes(name.as_bytes()).is_err() {
            return Err(de::Error::custom(format!("expected the name of a header field, but found `{name}`")));
        }
        if OURS.contains(&lower.as_str()) {
            return Err(de::Error::custom(format!(
                "expected other header fields than `{name}`, which noticeboard sets itself"
            )));
        }
        if HeaderValue::from_str(value).is_err() {
            return Err(de::Error::custom(format!("expected one line of plain characters in `{name}`")));
        }
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Value {
        Value { value: "s3cr/t word".to_owned(), encoded: encoded("s3cr/t word") }
    }

    #[test]
    fn a_secret_is_put_into_addresses_encoded_and_is_hidden_wherever_it_comes_back() {
        let secret = secret();
        assert_eq!(secret.in_address("https://a.example/?t={secret}"), "https://a.example/?t=s3cr%2Ft%20word");
        assert_eq!(secret.in_field("Bearer {secret}"), "Bearer s3cr/t word");
        assert_eq!(secret.hide("no s3cr/t word, no s3cr%2Ft%20word"), "no {secret}, no {secret}");
        assert_eq!(secret.hide_in_bytes(b"<a>s3cr/t word</a>s3cr%2Ft%20word".to_vec()), b"<a>{secret}</a>{secret}");
        assert_eq!(format!("{secret:?}"), "{secret}");
    }

    #[test]
    fn a_secret_is_hidden_in_other_spellings_and_across_folds() {
        let secret = secret();
        for told in [
            "s3cr%2ft%20word",
            "S3CR/T Word",
            "%73%33cr%2Ft word",
            r"s3cr\/t word",
            "s3\r\n cr/t\r\n\t word",
            "s3cr%2\r\n Ft%\r\n 20word",
            "s3cr\\\n /t word",
        ] {
            assert!(secret.is_in(told), "{told:?}");
            assert_eq!(secret.hide(&format!("%{told}\\ä{told}")), "%{secret}\\ä{secret}", "{told:?}");
        }
        for other in ["s3cr/t wor", "s3cr t word", "s3cr%2Gt word", "s3cr/\r\nt word", "s3cr%2", "s3cr\\", ""] {
            assert!(!secret.is_in(other), "{other:?}");
            assert_eq!(secret.hide(other), other);
        }
        let odd = Value { value: r"50%25\x!".to_owned(), encoded: encoded(r"50%25\x!") };
        assert_eq!(odd.hide(&format!(r"50%25\x! {}", odd.encoded)), "{secret} {secret}");
    }

    #[test]
    fn a_secret_is_read_from_its_file_and_what_is_none_is_told() {
        let folder = tempfile::tempdir().unwrap();
        for (text, expected) in [
            (Some("  long-enough\n"), None),
            (Some("short"), Some("a shorter one")),
            (Some(""), Some("nothing")),
            (Some("two lines\nin one file"), Some("control characters or several lines")),
            (None, Some("no file that can be read")),
        ] {
            let path = folder.path().join("token");
            let _ = std::fs::remove_file(&path);
            if let Some(text) = text {
                std::fs::write(&path, text).unwrap();
            }
            let value = Secret::File("token".into()).resolved_from(folder.path()).value();
            match expected {
                None => assert_eq!(value.unwrap().value, "long-enough"),
                Some(expected) => {
                    let error = value.unwrap_err();
                    assert!(matches!(&error, HttpError::Secret { found, .. } if *found == expected), "{error}");
                }
            }
        }
        let error = Secret::Env("NOTICEBOARD_NO_SUCH_SECRET".to_owned()).value().unwrap_err();
        assert!(error.to_string().contains("the variable `NOTICEBOARD_NO_SUCH_SECRET`"), "{error}");
    }
}
