//! `inspect rrule DTSTART TZ RRULE N`: the first N starts of a rule, as the event's own clock shows them.
//!
//! In: a start such as 20250314T180000 (a day for whole days, `Z` at the end for UTC), the name of a zone or an empty word, a rule.
//! Out: a JSON list of starts. Rules that `run` refuses for events, such as one start a minute, are expanded here all the same.

use super::answer;
use crate::cli::Exit;
use crate::cli::screen::Screen;
use crate::model::{When, ZoneId};
use crate::{recur, zone};
use chrono::{NaiveDate, NaiveDateTime};
use clap::Args;

/// More starts than anybody compares.
const MOST_STARTS: usize = 100_000;

#[derive(Debug, Args)]
pub(super) struct RruleArgs {
    /// The first start
    #[arg(value_name = "DTSTART")]
    start: String,
    /// The zone of its clock, or an empty word
    #[arg(value_name = "TZ")]
    zone: String,
    /// The rule, such as FREQ=WEEKLY;COUNT=4
    #[arg(value_name = "RRULE")]
    rule: String,
    /// How many starts
    #[arg(value_name = "N")]
    number: usize,
}

pub(super) fn print(args: &RruleArgs, screen: &Screen) -> Result<Exit, Exit> {
    let starts = starts(&args.start, &args.zone, &args.rule, args.number).map_err(|message| {
        screen.complain(&message);
        Exit::Failed
    })?;
    answer(&starts, screen)
}

fn starts(start: &str, zone: &str, rule: &str, number: usize) -> Result<Vec<String>, String> {
    let when = when(start, zone)?;
    let starts = recur::first_starts(&when, rule, number.min(MOST_STARTS))?;
    let form = match when {
        When::AllDay { .. } => "%Y%m%d",
        When::Zoned { .. } => "%Y%m%dT%H%M%S",
        When::Instant { .. } if start.ends_with(['Z', 'z']) => "%Y%m%dT%H%M%SZ",
        When::Instant { .. } => "%Y%m%dT%H%M%S",
    };
    Ok(starts.iter().map(|start| start.format(form).to_string()).collect())
}

/// A clock time without a zone is as good as one in UTC here.
fn when(start: &str, zone: &str) -> Result<When, String> {
    if let Ok(day) = NaiveDate::parse_from_str(start, "%Y%m%d") {
        return Ok(When::day(day));
    }
    let local = NaiveDateTime::parse_from_str(start.trim_end_matches(['Z', 'z']), "%Y%m%dT%H%M%S")
        .map_err(|_| format!("expected a start such as 20250314T180000, but found `{start}`"))?;
    if zone.is_empty() || start.ends_with(['Z', 'z']) {
        return Ok(When::Instant { start: local.and_utc(), end: None });
    }
    let zone: ZoneId = zone::by_name(zone).ok_or_else(|| format!("no time zone is known by the name `{zone}`"))?;
    Ok(When::Zoned { start: local, end: None, zone })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_expanded_on_its_own_clock() {
        for (start, zone, rule, expected) in [
            ("20250314", "", "FREQ=DAILY;COUNT=2", "20250314 20250315"),
            ("20250314T180000Z", "", "FREQ=WEEKLY", "20250314T180000Z 20250321T180000Z 20250328T180000Z"),
            ("20250329T023000", "Europe/Berlin", "FREQ=DAILY", "20250329T023000 20250330T033000 20250331T023000"),
            ("20250314T180000", "", "FREQ=MINUTELY;INTERVAL=40", "20250314T180000 20250314T184000 20250314T192000"),
        ] {
            assert_eq!(starts(start, zone, rule, 3).unwrap().join(" "), expected, "{rule}");
        }
        for (start, zone, rule) in [
            ("soon", "", "FREQ=DAILY"),
            ("20250314T180000", "Shire", "FREQ=DAILY"),
            ("20250314T180000", "", "FREQ=OFTEN"),
        ] {
            assert!(starts(start, zone, rule, 3).is_err(), "{start} {zone} {rule}");
        }
    }
}
