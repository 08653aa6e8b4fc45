//! What the header fields of an answer say about when to ask again.

use crate::fetch::Told;
use chrono::{DateTime, Utc};
use reqwest::header::{self, HeaderMap, HeaderName};
use std::time::Duration;

/// What an answer tells for next time.
/// `now` is where dates count from if the server does not tell its own clock.
pub(super) fn by(headers: &HeaderMap, now: DateTime<Utc>) -> Told {
    Told { fresh_for: fresh_for(headers, now), ..Told::default() }
}

/// Retry-After in either form: seconds, or a date, which counts from the server's own clock if it tells it.
pub(super) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = super::text(headers, &header::RETRY_AFTER)?;
    seconds(&text).or_else(|| until(headers, &header::RETRY_AFTER, now))
}

/// `max-age`, else Expires, less the age that the answer had already (RFC 9111 §4.2).
fn fresh_for(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let control = super::text(headers, &header::CACHE_CONTROL).unwrap_or_default().to_ascii_lowercase();
    let directives = || control.split(',').map(str::trim);
    if directives().any(|word| matches!(word, "no-cache" | "no-store")) {
        return None;
    }
    let max_age = directives().find_map(|word| word.strip_prefix("max-age=")).map(|value| value.trim_matches('"'));
    let whole = match max_age {
        Some(value) => seconds(value),
        None => until(headers, &header::EXPIRES, now),
    };
    let age = super::text(headers, &header::AGE).and_then(|text| seconds(&text)).unwrap_or_default();
    whole.map(|whole| whole.saturating_sub(age)).filter(|rest| !rest.is_zero())
}

fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    (!text.is_empty() && text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok().map(Duration::from_secs))
        .flatten()
}

/// From the answer's Date, else from now, to the date in a field; nothing where that has passed.
fn until(headers: &HeaderMap, name: &HeaderName, now: DateTime<Utc>) -> Option<Duration> {
    let date = |name: &HeaderName| {
        let date = DateTime::parse_from_rfc2822(super::text(headers, name)?.trim()).ok()?;
        Some(date.with_timezone(&Utc))
    };
    date(name)?.signed_duration_since(date(&header::DATE).unwrap_or(now)).to_std().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn headers(fields: &[(&'static str, &'static str)]) -> HeaderMap {
        fields.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn freshness_is_what_is_left_of_it() {
        let now = "2026-11-28T10:30:00Z".parse().unwrap();
        const DATE: (&str, &str) = ("date", "Sat, 28 Nov 2026 10:00:00 GMT");
        for (fields, expected) in [
            (vec![("cache-control", "public, max-age=600"), ("age", "100")], Some(500)),
            (vec![("cache-control", "Max-Age=600, no-cache")], None),
            (vec![("cache-control", "max-age=-1")], None),
            (vec![("cache-control", "max-age=99999999999999999999")], None),
            (vec![DATE, ("expires", "Sat, 28 Nov 2026 11:00:00 GMT")], Some(3600)),
            (vec![DATE, ("expires", "Sat, 28 Nov 2026 11:00:00 GMT"), ("cache-control", "max-age=60")], Some(60)),
            (vec![DATE, ("expires", "0")], None),
            (vec![("expires", "Sat, 28 Nov 2026 11:00:00 GMT")], Some(1800)),
            (vec![("date", "today"), ("expires", "Sat, 28 Nov 2026 10:00:00 GMT")], None),
            (vec![DATE, ("expires", "Fri, 27 Nov 2026 11:00:00 GMT")], None),
        ] {
            assert_eq!(fresh_for(&headers(&fields), now).map(|left| left.as_secs()), expected, "{fields:?}");
        }
    }

    #[test]
    fn a_server_asks_to_wait_in_seconds_or_until_a_date() {
        let now = "2026-11-28T10:04:00Z".parse().unwrap();
        let date = ("date", "Sat, 28 Nov 2026 10:00:00 GMT");
        let wait = |value| retry_after(&headers(&[date, ("retry-after", value)]), now).map(|wait| wait.as_secs());
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait("Sat, 28 Nov 2026 10:05:00 GMT"), Some(300));
        let without = retry_after(&headers(&[("retry-after", "Sat, 28 Nov 2026 10:05:00 GMT")]), now);
        assert_eq!(without.map(|wait| wait.as_secs()), Some(60), "no clock of its own");
        assert_eq!((wait("soon"), wait("Fri, 27 Nov 2026 10:05:00 GMT")), (None, None));
    }
}
