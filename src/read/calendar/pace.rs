//! How often a calendar says that it is worth asking: REFRESH-INTERVAL (RFC 7986 §5.7), and X-PUBLISHED-TTL, which came before it.

use super::lines::Component;
use super::times::duration;
use crate::model::Pace;

/// The pace of the first calendar that tells one. Longer than somebody could mean is cut down where it is used.
pub(super) fn of(calendars: &[Component]) -> Option<Pace> {
    let told = calendars.iter().find_map(|calendar| minutes(calendar, "REFRESH-INTERVAL"));
    let minutes = told.or_else(|| calendars.iter().find_map(|calendar| minutes(calendar, "X-PUBLISHED-TTL")))?;
    Some(Pace { minutes: Some(minutes), ..Pace::default() })
}

/// Whole minutes, more than none.
fn minutes(calendar: &Component, name: &str) -> Option<u32> {
    let length = duration(&calendar.text(name)?)?;
    let minutes = length.days.saturating_mul(24 * 60).saturating_add(u64::try_from(length.rest.num_minutes()).ok()?);
    u32::try_from(minutes).ok().filter(|minutes| *minutes > 0)
}

#[cfg(test)]
mod tests {
    use super::super::components;
    use super::*;

    #[test]
    fn a_calendar_tells_how_often_it_is_worth_asking() {
        for (lines, expected) in [
            ("REFRESH-INTERVAL;VALUE=DURATION:PT12H", Some(720)),
            ("X-PUBLISHED-TTL:PT1H", Some(60)),
            ("X-PUBLISHED-TTL:PT1H\r\nREFRESH-INTERVAL;VALUE=DURATION:P1W", Some(10_080)),
            ("REFRESH-INTERVAL:soon\r\nX-PUBLISHED-TTL:PT15M", Some(15)),
            ("REFRESH-INTERVAL:-PT1H", None),
            ("REFRESH-INTERVAL:PT20S", None),
            ("X-PUBLISHED-TTL:P9999999W", None),
            ("NAME:Ponds", None),
        ] {
            let text = format!("BEGIN:VCALENDAR\r\n{lines}\r\nEND:VCALENDAR\r\n");
            let pace = of(&components(&text).unwrap());
            assert_eq!(pace.and_then(|pace| pace.minutes), expected, "{lines}");
        }
    }
}
