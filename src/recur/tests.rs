use super::*;
use crate::model::ZoneId;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn clock(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn zone(name: &str) -> ZoneId {
    zone::by_name(name).unwrap()
}

/// An evening hour and a half in Berlin.
fn evening(start: &str) -> When {
    let start = clock(start);
    When::Zoned { start, end: Some(start + TimeDelta::minutes(90)), zone: zone("Europe/Berlin") }
}

fn repeats(rule: &str) -> Recurrence {
    Recurrence { rules: vec![rule.to_owned()], ..Recurrence::default() }
}

/// Starts of the occurrences that touch the days.
fn starts(when: &When, recurrence: &Recurrence, from: &str, to: &str) -> Vec<String> {
    let found = occurrences(when, recurrence, day(from), day(to), 1000);
    found
        .iter()
        .map(|occurrence| match &occurrence.when {
            When::AllDay { first, .. } => first.to_string(),
            When::Zoned { start, .. } => start.format("%Y-%m-%d %H:%M").to_string(),
            When::Instant { start, .. } => start.format("%Y-%m-%d %H:%MZ").to_string(),
        })
        .collect()
}

#[test]
fn a_weekly_evening_keeps_its_hour_when_summer_time_begins() {
    let call = evening("2025-03-20 18:00");
    let weekly = repeats("FREQ=WEEKLY;BYDAY=TH");
    assert_eq!(starts(&call, &weekly, "2025-03-24", "2025-04-05"), ["2025-03-27 18:00", "2025-04-03 18:00"]);
}

#[test]
fn an_occurrence_in_the_gap_is_shown_as_the_clock_shows_it() {
    let night = evening("2025-03-28 02:30");
    let daily = repeats("FREQ=DAILY;COUNT=4");
    let mut skipped = daily.clone();
    assert_eq!(
        starts(&night, &daily, "2025-03-29", "2025-03-31"),
        ["2025-03-29 02:30", "2025-03-30 03:30", "2025-03-31 02:30"]
    );
    skipped.except = vec![Moment::At(clock("2025-03-30 01:30").and_utc())];
    assert_eq!(starts(&night, &skipped, "2025-03-29", "2025-03-30"), ["2025-03-29 02:30"]);
    skipped.except = vec![Moment::Local(clock("2025-03-30 02:30"))];
    assert_eq!(starts(&night, &skipped, "2025-03-29", "2025-03-30"), ["2025-03-29 02:30"]);
}

#[test]
fn exdates_remove_by_day_by_clock_and_by_moment() {
    let call = evening("2025-06-02 18:00");
    let mut weekly = repeats("FREQ=WEEKLY;COUNT=5");
    weekly.except = vec![
        Moment::Day(day("2025-06-09")),
        Moment::Local(clock("2025-06-16 18:00")),
        Moment::At(clock("2025-06-23 16:00").and_utc()),
        Moment::At(clock("2025-06-30 18:00").and_utc()),
    ];
    assert_eq!(starts(&call, &weekly, "2025-01-01", "2025-12-31"), ["2025-06-02 18:00", "2025-06-30 18:00"]);
}

#[test]
fn until_as_a_day_includes_that_day() {
    let call = evening("2025-06-02 18:00");
    let weekly = repeats("FREQ=WEEKLY;UNTIL=20250616");
    assert_eq!(starts(&call, &weekly, "2025-01-01", "2025-12-31").len(), 3);
    assert_eq!(checked_rule("FREQ=WEEKLY;UNTIL=20250616", &call).unwrap(), "FREQ=WEEKLY;UNTIL=20250616T215959Z");
    assert_eq!(last_day(&call, &weekly), Some(day("2025-06-16")));
}

#[test]
fn several_rules_and_rdates_are_a_union() {
    let call = evening("2025-06-02 18:00");
    let mut both = repeats("FREQ=WEEKLY;COUNT=2");
    both.rules.push("FREQ=MONTHLY;BYMONTHDAY=2;COUNT=2".into());
    both.dates = vec![Moment::Day(day("2025-06-05")), Moment::Local(clock("2025-06-09 18:00"))];
    assert_eq!(
        starts(&call, &both, "2025-01-01", "2025-12-31"),
        ["2025-06-02 18:00", "2025-06-05 18:00", "2025-06-09 18:00", "2025-07-02 18:00"]
    );
}

#[test]
fn an_override_takes_the_place_of_its_occurrence() {
    let call = evening("2025-06-02 18:00");
    let mut weekly = repeats("FREQ=WEEKLY;COUNT=3");
    let change = |of: &str, to: &str, cancelled| Override {
        of: Moment::Local(clock(of)),
        when: evening(to),
        title: Some("Elsewhere".into()),
        place: None,
        cancelled,
    };
    weekly.overrides = vec![
        change("2025-06-09 18:00", "2025-06-10 19:00", false),
        change("2025-06-16 18:00", "2025-06-16 18:00", true),
    ];
    let found = occurrences(&call, &weekly, day("2025-06-01"), day("2025-06-30"), 10);
    assert_eq!(
        starts(&call, &weekly, "2025-06-01", "2025-06-30"),
        ["2025-06-02 18:00", "2025-06-10 19:00", "2025-06-16 18:00"]
    );
    assert!(found[2].cancelled && !found[1].cancelled && found[1].title.as_deref() == Some("Elsewhere"));
    assert_eq!(starts(&call, &weekly, "2025-06-09", "2025-06-09"), [""; 0]);
}

#[test]
fn whole_days_repeat_with_their_length() {
    let camp = When::AllDay { first: day("2024-07-05"), last: day("2024-07-07") };
    let yearly = repeats("FREQ=YEARLY");
    assert_eq!(starts(&camp, &yearly, "2026-07-07", "2026-07-07"), ["2026-07-05"]);
    assert_eq!(starts(&camp, &yearly, "2026-07-08", "2026-07-08"), [""; 0]);
    assert_eq!(last_day(&camp, &yearly), None);
    assert_eq!(last_day(&camp, &repeats("FREQ=YEARLY;COUNT=2")), Some(day("2025-07-07")));
}

#[test]
fn a_start_that_does_not_fit_its_rule_is_the_first_occurrence() {
    let call = evening("2025-06-02 18:00");
    let rule = "FREQ=WEEKLY;BYDAY=TH;COUNT=2";
    assert!(!start_fits_rule(&call, rule));
    assert!(start_fits_rule(&call, "FREQ=MONTHLY;BYDAY=1MO"));
    assert_eq!(
        starts(&call, &repeats(rule), "2025-01-01", "2025-12-31"),
        ["2025-06-02 18:00", "2025-06-05 18:00", "2025-06-12 18:00"]
    );
}

#[test]
fn the_parts_of_a_rule_choose_days() {
    let first = When::day(day("2025-01-31"));
    for (rule, expected) in [
        ("FREQ=MONTHLY", "2025-03-31 2025-05-31"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2025-02-28 2025-03-28"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2025-02-28 2025-03-31"),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1", "2025-03-31 2025-05-31"),
        ("FREQ=YEARLY;BYMONTHDAY=31", "2025-03-31 2025-05-31"),
        ("FREQ=YEARLY;BYWEEKNO=20", "2025-05-16 2026-05-15"),
        ("FREQ=YEARLY;BYYEARDAY=-1,31", "2025-12-31 2026-01-31"),
        ("FREQ=YEARLY;BYDAY=20MO", "2025-05-19 2026-05-18"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2025-11-27 2026-11-26"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,SU;WKST=SU", "2025-02-09 2025-02-14"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,SU;WKST=MO", "2025-02-02 2025-02-14"),
        ("FREQ=DAILY;INTERVAL=10", "2025-02-10 2025-02-20"),
        ("FREQ=DAILY;BYMONTH=3;BYDAY=SA", "2025-03-01 2025-03-08"),
    ] {
        let mut found = starts(&first, &repeats(rule), "2025-02-01", "2027-12-31");
        found.truncate(2);
        assert_eq!(found.join(" "), expected, "{rule}");
    }
}

#[test]
fn an_old_or_impossible_rule_is_no_more_work() {
    let old = evening("1970-01-01 18:00");
    let begin = std::time::Instant::now();
    for rule in ["FREQ=DAILY", "FREQ=HOURLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;COUNT=4000000000"] {
        assert!(occurrences(&old, &repeats(rule), day("2026-03-01"), day("2026-03-03"), 5).len() <= 5, "{rule}");
        assert_eq!(last_day(&old, &repeats(rule)), None, "{rule}");
    }
    assert_eq!(occurrences(&old, &repeats("FREQ=DAILY"), day("2026-03-01"), day("2026-03-03"), 5).len(), 3);
    assert!(begin.elapsed().as_secs() < 5);
}

#[test]
fn rules_are_spelt_in_one_way() {
    let call = evening("2025-06-02 18:00");
    let camp = When::day(day("2025-06-02"));
    for (when, rule, expected) in [
        (&call, "rrule:something;byday=th,mo;freq=weekly;interval=1;wkst=mo;", "FREQ=WEEKLY;BYDAY=MO,TH"),
        (&call, "FREQ=WEEKLY;BYDAY=1MO", "FREQ=WEEKLY;BYDAY=MO"),
        (&call, "FREQ=MONTHLY;BYDAY=+1MO,-1FR", "FREQ=MONTHLY;BYDAY=1MO,-1FR"),
        (&call, "FREQ=DAILY;UNTIL=20250610T180000", "FREQ=DAILY;UNTIL=20250610T160000Z"),
        (&call, "FREQ=DAILY;COUNT=3;UNTIL=20250610T180000Z", "FREQ=DAILY;COUNT=3"),
        (&call, "FREQ=DAILY;COUNT=30;UNTIL=20250610T180000Z", "FREQ=DAILY;UNTIL=20250610T180000Z"),
        (&camp, "FREQ=DAILY;UNTIL=20250610T235959Z;BYHOUR=9", "FREQ=DAILY;UNTIL=20250610"),
        (&camp, "FREQ=YEARLY;RSCALE=GREGORIAN;SKIP=OMIT", "FREQ=YEARLY"),
    ] {
        assert_eq!(checked_rule(rule, when).as_deref(), Ok(expected), "{rule}");
    }
}

#[test]
fn absurd_rules_are_refused_in_words() {
    let call = evening("2025-06-02 18:00");
    for (rule, expected) in [
        ("FREQ=SECONDLY", "`FREQ=SECONDLY` is more often than an event can be"),
        ("FREQ=DAILY;INTERVAL=0", "`INTERVAL=0` has no meaning"),
        ("INTERVAL=2", "`FREQ` is missing"),
        ("FREQ=WEEKLY;BYDAY=XX", "`BYDAY=XX` is out of range"),
        ("FREQ=WEEKLY;BYEASTER=1", "`BYEASTER` is no part of a rule"),
        ("FREQ=WEEKLY;UNTIL=soon", "expected a day or time such as 20250314T180000Z in `UNTIL`, but found `SOON`"),
        ("FREQ=WEEKLY;UNTIL=20250101", "`UNTIL` is before the first occurrence"),
        ("FREQ=WEEKLY;COUNT=3;COUNT=4", "`COUNT` is given twice"),
        ("every week", "`FREQ` is missing"),
    ] {
        assert_eq!(checked_rule(rule, &call).unwrap_err(), expected, "{rule}");
    }
    assert!(checked_rule("FREQ=HOURLY", &When::day(day("2025-06-02"))).is_err());
}

fn any_rule() -> impl Strategy<Value = String> {
    let freq = prop::sample::select(vec!["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY"]);
    let part = prop::sample::select(vec![
        "BYDAY=MO",
        "BYDAY=TU,-1FR",
        "BYMONTHDAY=13",
        "BYMONTHDAY=-1,31",
        "BYMONTH=2,11",
        "BYSETPOS=-1",
        "BYYEARDAY=60,-3",
        "BYWEEKNO=1,53",
        "BYHOUR=9,17",
        "BYMINUTE=0,30",
        "WKST=SU",
    ]);
    (freq, 1u32..5, prop::collection::btree_set(part, 0..3)).prop_map(|(freq, interval, parts)| {
        let parts: String = parts.iter().map(|part| format!(";{part}")).collect();
        format!("FREQ={freq};INTERVAL={interval}{parts}")
    })
}

#[test]
fn a_cut_leaves_rules_that_have_ended_as_they_are() {
    let call = evening("2025-06-02 18:00");
    let dates = ["2025-06-20 18:00", "2025-07-01 18:00"].map(|date| Moment::Local(clock(date)));
    for rule in ["FREQ=DAILY;COUNT=3", "FREQ=DAILY;UNTIL=20250604T160000Z", "FREQ=WEEKLY;BYDAY=FR;COUNT=2"] {
        let mut series = Recurrence { dates: dates.to_vec(), ..repeats(rule) };
        let rest = cut(&call, &mut series, &dates[0], TimeDelta::zero());
        assert_eq!(series, repeats(rule));
        assert_eq!((rest.rules, rest.dates), (Vec::new(), dates.to_vec()), "{rule}");
    }
}

#[test]
fn dates_after_a_cut_stay_beside_those_that_no_rule_tells() {
    let call = evening("2025-06-02 18:00");
    let date = Moment::Local(clock("2025-07-20 18:00"));
    let mut series = Recurrence { dates: vec![date], ..repeats("FREQ=MONTHLY;BYDAY=1MO;COUNT=3") };
    let rest = cut(&call, &mut series, &Moment::Local(clock("2025-07-07 18:00")), TimeDelta::days(1));
    let expected = ["2025-07-21 18:00", "2025-07-08 18:00", "2025-08-05 18:00"];
    assert_eq!(rest.dates, expected.map(|date| Moment::Local(clock(date))));
    assert_eq!((rest.rules.len(), series.dates.len()), (0, 0));
}

proptest! {
    #[test]
    fn jumping_into_the_window_finds_what_walking_from_the_start_finds(
        rule in any_rule(), start in 0i64..4000, offset in 0i64..3000, length in 0i64..400
    ) {
        let first = day("2010-01-01") + TimeDelta::days(start);
        let when = When::AllDay { first, last: first };
        let call = When::Instant { start: first.and_hms_opt(18, 0, 0).unwrap().and_utc(), end: None };
        let from = first + TimeDelta::days(offset);
        let to = from + TimeDelta::days(length);
        for when in [when, call] {
            let walked = repeats(&format!("{rule};COUNT=1000000"));
            let jumped = occurrences(&when, &repeats(&rule), from, to, 100_000);
            if !rule.contains("HOURLY") {
                prop_assert_eq!(&jumped, &occurrences(&when, &walked, from, to, 100_000));
            }
            prop_assert!(jumped.iter().all(|o| o.when.first_day() >= from && o.when.first_day() <= to));
        }
    }

    #[test]
    fn any_text_is_a_rule_or_refused(text in "\\PC{0,60}", parts in "(FREQ|UNTIL|BYDAY|COUNT|INTERVAL)=[A-Z0-9,;=-]{0,30}") {
        let call = evening("2025-06-02 18:00");
        for rule in [text, parts.clone(), format!("FREQ=DAILY;{parts}")] {
            if let Ok(canonical) = checked_rule(&rule, &call) {
                prop_assert_eq!(checked_rule(&canonical, &call), Ok(canonical.clone()));
            }
            occurrences(&call, &repeats(&rule), day("2025-06-01"), day("2026-06-01"), 10);
        }
    }
}
