//! When an event takes place: structured fields and prose compared, zones resolved, nothing invented.

use super::Context;
use super::clock::Clock;
use crate::model::*;
use crate::zone::{self, ZoneWord};
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Weekday};

/// Prose that is less sure than this does not overrule a structured field.
const OVERRULES: f32 = 0.7;

/// Days outside these years are mistakes in typing, and calendar applications choke on them.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// When, with what it was read from.
pub(super) struct Decided {
    pub when: When,
    pub recurrence: Option<Recurrence>,
    pub evidence: Evidence,
    /// The words that gave the zone, where those that gave the time name none and the place is in one.
    pub zone: Option<Evidence>,
}

/// The time of an event that structured fields declare. Prose may name the end or the hour they leave open;
/// where they contradict a page's own text, the text is right and the problem names both.
pub(super) fn declared(
    context: &Context,
    clock: &Clock,
    entry: &Entry,
    found: Option<&Found>,
    problems: &mut Vec<Problem>,
) -> Option<Decided> {
    let start = entry.declared.start.as_ref()?;
    let when = declared_when(context, clock, entry, start, problems)?;
    let recurrence = entry.declared.recurrence.clone().map(|recurrence| on_the_clock(recurrence, &when));
    let evidence = Evidence { quote: declared_quote(entry), rule: start.field.clone(), confidence: 1.0 };
    let zone = is_local(&start.value).then(|| clock.place_for(entry.declared.zone.as_deref())).flatten();
    let decided = Decided { when, recurrence, evidence, zone };
    if entry.kind == EntryKind::Event || decided.recurrence.is_some() {
        return Some(decided);
    }
    let Some((span, words)) = found.and_then(best_span) else { return Some(decided) };
    let Some(told) = span_when(clock, span) else { return Some(decided) };
    let zone = span_zone(clock, span);
    Some(match compare(&decided.when, &told, entry.declared.end.is_some()) {
        Compared::Agree => decided,
        Compared::TextSaysMore => Decided { when: told, evidence: words.clone(), zone, ..decided },
        Compared::Contradict if words.confidence < OVERRULES => decided,
        Compared::Contradict => {
            let field = if told.first_day() == decided.when.first_day() { entry.declared.end.as_ref() } else { None };
            let field = field.unwrap_or(start);
            problems.push(
                context
                    .problem(
                        ProblemKind::Contradiction,
                        format!(
                            "`{}` says `{}`, but the text says `{}`; the text was believed",
                            field.field, field.raw, words.quote
                        ),
                    )
                    .line(field.line)
                    .hint("correct the one that is wrong"),
            );
            Decided { when: told, evidence: words.clone(), zone, ..decided }
        }
    })
}

/// Rules in the spelling that the kind of start asks for, now that its zone is known (an UNTIL, RFC 5545 §3.3.10).
fn on_the_clock(mut recurrence: Recurrence, when: &When) -> Recurrence {
    recurrence.rules = recurrence.rules.iter().filter_map(|rule| crate::recur::checked_rule(rule, when).ok()).collect();
    recurrence
}

/// The time of an event found in prose alone.
pub(super) fn found(context: &Context, clock: &Clock, entry: &Entry, found: &Found) -> Option<Decided> {
    if let Some(decided) = found.statements.iter().find_map(|s| repeats(context, clock, entry, s)) {
        return Some(decided);
    }
    let (span, words) = best_span(found)?;
    let when = span_when(clock, span)?;
    Some(Decided { when, recurrence: None, evidence: words.clone(), zone: span_zone(clock, span) })
}

/// True where the hours of an event were told with a zone that we understand.
pub(super) fn tells_zone(entry: &Entry, found: Option<&Found>) -> bool {
    let is_zone = |word: &str| zone::by_word(word).is_some() || zone::by_name(word).is_some();
    let by_field = entry.declared.start.as_ref().is_some_and(|start| match &start.value {
        DeclaredValue::Zoned(_, word) => is_zone(word),
        DeclaredValue::At(_) => true,
        _ => false,
    });
    let by_words = found.and_then(best_span).and_then(|(span, _)| span.zone.as_deref()).is_some_and(is_zone);
    by_field || by_words || entry.declared.zone.as_deref().is_some_and(is_zone)
}

/// The first zone word of an event or its deadlines that does not fit its day. A repetition goes through both halves of the year.
pub(super) fn misfit(
    context: &Context,
    clock: &Clock,
    entry: &Entry,
    found: Option<&Found>,
    decided: &Decided,
) -> Option<Problem> {
    if entry.kind == EntryKind::Event || decided.recurrence.is_some() {
        return None;
    }
    let field = entry.declared.start.as_ref().and_then(|start| match &start.value {
        DeclaredValue::Zoned(local, word) => {
            Some(clock.misfit(context, word, *local, &clean_line(&start.raw))?.line(start.line))
        }
        _ => None,
    });
    let in_span = |clock: &Clock, span: &TimeSpan, words: &Evidence| {
        clock.misfit(context, span.zone.as_deref()?, span.first.and_time(span.from?), &words.quote)
    };
    let told = || found.and_then(best_span).and_then(|(span, words)| in_span(clock, span, words));
    let deadline = || {
        let configured = Clock::configured(context);
        found.into_iter().flat_map(|found| &found.statements).find_map(|statement| match &statement.about {
            About::Deadline { at, .. } => in_span(&configured, at, &statement.evidence),
            _ => None,
        })
    };
    field.or_else(told).or_else(deadline)
}

/// The deadlines that fields and prose name. They are on the source's clock: where an event takes place says nothing about when its
/// organizers close the list.
pub(super) fn deadlines(context: &Context, entry: &Entry, found: Option<&Found>) -> Vec<Deadline> {
    let clock = Clock::configured(context);
    let fields = [
        (DeadlineKind::Registration, &entry.declared.registration_deadline),
        (DeadlineKind::CallForPapers, &entry.declared.papers_deadline),
    ];
    let fields = fields
        .into_iter()
        .filter_map(|(kind, time)| Some(Deadline { kind, at: moment(&clock, entry, &time.as_ref()?.value)? }));
    let told = found.into_iter().flat_map(|f| &f.statements).filter_map(|statement| match &statement.about {
        About::Deadline { kind, at } => Some(Deadline { kind: *kind, at: span_when(&clock, at)? }),
        _ => None,
    });
    let mut all: Vec<Deadline> = Vec::new();
    for deadline in fields.chain(told).take(20) {
        if !all.iter().any(|known| known.kind == deadline.kind) {
            all.push(deadline);
        }
    }
    all
}

/// The programme that fields declare, else the one that the prose gives.
pub(super) fn sessions(clock: &Clock, entry: &Entry, found: Option<&Found>) -> Vec<Session> {
    if !entry.declared.sessions.is_empty() {
        return entry.declared.sessions.iter().filter_map(|session| declared_session(clock, entry, session)).collect();
    }
    let told = found.into_iter().flat_map(|f| &f.statements).filter_map(|statement| match &statement.about {
        About::Session { title, at, speaker } => Some(Session {
            title: clean_line(title),
            when: span_when(clock, at)?,
            speaker: speaker.as_deref().map(clean_line).filter(|name| !name.is_empty()),
            room: None,
        }),
        _ => None,
    });
    told.filter(|session| !session.title.is_empty()).take(500).collect()
}

fn declared_session(clock: &Clock, entry: &Entry, session: &DeclaredSession) -> Option<Session> {
    let start = moment(clock, entry, &session.start)?;
    let end = session.end.as_ref().and_then(|end| moment(clock, entry, end));
    let line = |text: &Option<String>| text.as_deref().map(clean_line).filter(|text| !text.is_empty());
    Some(Session {
        title: line(&Some(session.title.clone()))?,
        when: end.and_then(|end| join(&start, &end)).unwrap_or(start),
        speaker: line(&session.speaker),
        room: line(&session.room),
    })
}

fn declared_quote(entry: &Entry) -> String {
    let raw = |time: &Option<DeclaredTime>| time.as_ref().map(|time| clean_line(&time.raw));
    match (raw(&entry.declared.start), raw(&entry.declared.end)) {
        (Some(start), Some(end)) => format!("{start} – {end}"),
        (start, _) => start.unwrap_or_default(),
    }
}

fn declared_when(
    context: &Context,
    clock: &Clock,
    entry: &Entry,
    start: &DeclaredTime,
    problems: &mut Vec<Problem>,
) -> Option<When> {
    let mut complain = |time: &DeclaredTime, message: String| {
        problems.push(context.problem(ProblemKind::Field, message).line(time.line));
    };
    if !YEARS.contains(&start.value.day().year()) {
        complain(
            start,
            format!(
                "expected a day between 1900 and 2199 in `{}`, but found `{}`",
                start.field,
                clean_line(&start.raw)
            ),
        );
        return None;
    }
    let when = moment(clock, entry, &start.value)?;
    let Some(end) = &entry.declared.end else { return Some(when) };
    if !YEARS.contains(&end.value.day().year()) {
        let raw = clean_line(&end.raw);
        complain(
            end,
            format!("expected a day between 1900 and 2199 in `{}`, but found `{raw}`; the end was left out", end.field),
        );
        return Some(when);
    }
    let joined = moment(clock, entry, &end.value).and_then(|end| join(&when, &end));
    if joined.is_none() {
        complain(
            end,
            format!(
                "`{}` is `{}`, before the start `{}`; the end was left out",
                end.field,
                clean_line(&end.raw),
                clean_line(&start.raw)
            ),
        );
    }
    Some(joined.unwrap_or(when))
}

fn is_local(value: &DeclaredValue) -> bool {
    matches!(value, DeclaredValue::Local(_))
}

/// One declared time as a `When` without an end.
fn moment(clock: &Clock, entry: &Entry, value: &DeclaredValue) -> Option<When> {
    if !YEARS.contains(&value.day().year()) {
        return None;
    }
    let zoned = |start: NaiveDateTime, name: Option<&str>| match clock.read(name, start) {
        ZoneWord::Fixed(offset) => instant(start, offset.local_minus_utc(), None),
        ZoneWord::Zone(zone) => {
            let named = name.filter(|name| zone::by_word(name).is_none()).and_then(zone::by_name);
            When::Zoned { start, end: None, zone: named.unwrap_or(zone) }
        }
    };
    Some(match value {
        DeclaredValue::Day(day) => When::day(*day),
        DeclaredValue::Local(local) => zoned(*local, entry.declared.zone.as_deref()),
        DeclaredValue::Zoned(local, name) => zoned(*local, Some(name)),
        DeclaredValue::At(at) => in_own_zone(clock, entry, at.to_utc()),
    })
}

/// A moment with an offset says no zone; where the zone named beside it, or the place's or source's, agrees with the offset, clock time there is meant.
fn in_own_zone(clock: &Clock, entry: &Entry, at: chrono::DateTime<chrono::Utc>) -> When {
    let named = entry.declared.zone.as_deref().and_then(zone::by_name);
    let offset = entry.declared.start.as_ref().and_then(|start| match &start.value {
        DeclaredValue::At(at) => Some(*at.offset()),
        _ => None,
    });
    let candidates = named.as_ref().map_or_else(|| clock.zones().to_vec(), |named| vec![named]);
    let agrees = |zone: &&&ZoneId| entry.kind == EntryKind::Post && offset == Some(zone::offset_at(at, zone));
    match candidates.iter().find(agrees) {
        Some(zone) => When::Zoned { start: zone::to_local(at, zone), end: None, zone: (*zone).clone() },
        None => When::Instant { start: at, end: None },
    }
}

/// Start and end as one; `None` where the end is not after the start.
fn join(start: &When, end: &When) -> Option<When> {
    use When::*;
    match (start, end) {
        (AllDay { first, .. }, _) => {
            let last = end.first_day();
            (last >= *first).then_some(AllDay { first: *first, last })
        }
        (Zoned { start, zone, .. }, Zoned { start: end, zone: end_zone, .. }) => {
            let end = if zone == end_zone { *end } else { zone::to_local(zone::to_utc(*end, end_zone), zone) };
            (end > *start).then(|| Zoned { start: *start, end: Some(end), zone: zone.clone() })
        }
        (Zoned { start, zone, .. }, Instant { start: end, .. }) => {
            let end = zone::to_local(*end, zone);
            (end > *start).then(|| Zoned { start: *start, end: Some(end), zone: zone.clone() })
        }
        (Instant { start, .. }, Instant { start: end, .. }) => {
            (end > start).then_some(Instant { start: *start, end: Some(*end) })
        }
        (Instant { start, .. }, Zoned { start: end, zone, .. }) => {
            let end = zone::to_utc(*end, zone);
            (end > *start).then_some(Instant { start: *start, end: Some(end) })
        }
        (Zoned { start: from, zone, .. }, AllDay { first, .. }) => {
            (*first >= from.date()).then(|| match *first == from.date() {
                true => start.clone(),
                false => Zoned { start: *from, end: first.and_hms_opt(23, 59, 0), zone: zone.clone() },
            })
        }
        (Instant { start: from, .. }, AllDay { first, .. }) => (*first >= from.date_naive()).then(|| start.clone()),
    }
}

fn instant(start: NaiveDateTime, offset_seconds: i32, end: Option<NaiveDateTime>) -> When {
    let utc = |local: NaiveDateTime| (local - TimeDelta::seconds(offset_seconds.into())).and_utc();
    When::Instant { start: utc(start), end: end.map(utc) }
}

enum Compared {
    Agree,
    /// Same start, and the text adds an end or an hour.
    TextSaysMore,
    Contradict,
}

fn compare(field: &When, text: &When, field_has_end: bool) -> Compared {
    if field.first_day() != text.first_day() {
        return Compared::Contradict;
    }
    let same_end = field.last_day() == text.last_day();
    if field_has_end && !same_end {
        let text_names_one_day = text.first_day() == text.last_day();
        return if text_names_one_day { Compared::Agree } else { Compared::Contradict };
    }
    match (field.is_all_day(), text.is_all_day()) {
        (true, false) => Compared::TextSaysMore,
        (true, true) if !same_end => Compared::TextSaysMore,
        _ => Compared::Agree,
    }
}

/// The strongest statement of when, if the text has one.
fn best_span(found: &Found) -> Option<(&TimeSpan, &Evidence)> {
    found.statements.iter().find_map(|statement| match &statement.about {
        About::When(span) => Some((span, &statement.evidence)),
        _ => None,
    })
}

/// What the words of a span mean on the clock; `None` for a year that cannot be meant.
fn span_when(clock: &Clock, span: &TimeSpan) -> Option<When> {
    if !YEARS.contains(&span.first.year()) || !YEARS.contains(&span.last_day().year()) {
        return None;
    }
    let last = span.last_day().max(span.first);
    let Some(from) = span.from else { return Some(When::AllDay { first: span.first, last }) };
    let start = span.first.and_time(from);
    let end = span.to.map(|to| last.and_time(to)).map(|end| if end <= start { end + TimeDelta::days(1) } else { end });
    Some(match clock.read(span.zone.as_deref(), start) {
        ZoneWord::Fixed(offset) => instant(start, offset.local_minus_utc(), end),
        ZoneWord::Zone(zone) => When::Zoned { start, end, zone },
    })
}

/// What gave the zone of a span's hours, if that was the place.
fn span_zone(clock: &Clock, span: &TimeSpan) -> Option<Evidence> {
    span.from.and_then(|_| clock.place_for(span.zone.as_deref()))
}

/// A recurring event begins at its first occurrence on or after the day that relative dates count from.
fn repeats(context: &Context, clock: &Clock, entry: &Entry, statement: &Statement) -> Option<Decided> {
    let About::Repeats { rule, from, to, zone, first, except } = &statement.about else { return None };
    let base = first.or_else(|| context.base_day(entry))?;
    let day = first_match(rule, base);
    let span = TimeSpan { first: day, last: None, from: *from, to: *to, zone: zone.clone() };
    let when = span_when(clock, &span)?;
    let rule = crate::recur::checked_rule(rule, &when).ok()?;
    let except = except.iter().map(|day| occurrence_on(*day, &span, &when)).collect();
    let recurrence = Some(Recurrence { rules: vec![rule], except, ..Recurrence::default() });
    Some(Decided { when, recurrence, evidence: statement.evidence.clone(), zone: span_zone(clock, &span) })
}

/// The occurrence of a day, as an EXDATE names it: by its hour where it has one. A moment may lie on another day than the words say.
fn occurrence_on(day: NaiveDate, first: &TimeSpan, when: &When) -> Moment {
    match when {
        When::AllDay { .. } => Moment::Day(day),
        When::Zoned { start, .. } => Moment::Local(day.and_time(start.time())),
        When::Instant { start, .. } => Moment::At(*start + (day - first.first)),
    }
}

/// The first day from `base` on that a rule's BYDAY and BYMONTHDAY allow, within a year; `base` if they allow none.
fn first_match(rule: &str, base: NaiveDate) -> NaiveDate {
    let part = |name: &str| {
        rule.split(';').find_map(|p| p.split_once('=').filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v))
    };
    let days: Option<Vec<(i32, Weekday)>> = part("BYDAY").map(|days| days.split(',').filter_map(by_day).collect());
    let month_days: Option<Vec<u32>> =
        part("BYMONTHDAY").map(|days| days.split(',').filter_map(|d| d.parse().ok()).collect());
    let allows = |day: &NaiveDate| {
        let weekday = days.as_ref().is_none_or(|days| days.iter().any(|(nth, weekday)| is_nth(*day, *nth, *weekday)));
        weekday && month_days.as_ref().is_none_or(|days| days.contains(&day.day()))
    };
    base.iter_days().take(366).find(allows).unwrap_or(base)
}

/// `2TU` → (2, Tuesday); `WE` → (0, Wednesday).
fn by_day(text: &str) -> Option<(i32, Weekday)> {
    let at = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at))?;
    let (nth, name) = text.split_at(at);
    let weekday = match name {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    };
    Some((if nth.is_empty() { 0 } else { nth.parse().ok()? }, weekday))
}

/// True if `day` is the nth such weekday of its month (from the end if negative; any if 0).
fn is_nth(day: NaiveDate, nth: i32, weekday: Weekday) -> bool {
    let from_start = day.day0() as i32 / 7 + 1;
    let month_length = (day.with_day(1).and_then(|d| d.checked_add_months(chrono::Months::new(1))))
        .map_or(31, |next| next.signed_duration_since(day.with_day(1).unwrap_or(day)).num_days() as i32);
    let from_end = -((month_length - day.day() as i32) / 7 + 1);
    day.weekday() == weekday && (nth == 0 || nth == from_start || nth == from_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_weekly_event_begins_on_its_first_such_day() {
        assert_eq!(first_match("FREQ=WEEKLY;BYDAY=WE", day("2025-03-14")), day("2025-03-19"));
        assert_eq!(first_match("FREQ=MONTHLY;BYDAY=1TH", day("2025-03-14")), day("2025-04-03"));
        assert_eq!(first_match("FREQ=MONTHLY;BYDAY=-1FR", day("2025-03-14")), day("2025-03-28"));
        assert_eq!(first_match("FREQ=DAILY", day("2025-03-14")), day("2025-03-14"));
    }

    #[test]
    fn an_end_before_its_start_is_no_end() {
        let one = When::day(day("2025-03-14"));
        assert_eq!(join(&one, &When::day(day("2025-03-13"))), None);
        assert_eq!(join(&one, &When::day(day("2025-03-15"))).map(|w| w.last_day()), Some(day("2025-03-15")));
    }
}
