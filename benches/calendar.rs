//! How fast calendars are read: our whole reading, occurrences folded into their series, beside the bare parse of the package calcard.
//!
//! ```console
//! $ tests/bench calendar
//! ```
//!
//! One thread, its own CPU time, the median of several passes over one calendar of invented meetings.

#![allow(clippy::print_stdout, reason = "figures are what a bench is for")]

use noticeboard::model::{Document, SourceId};
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Duration;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The median of so many passes counts.
const PASSES: usize = 9;
/// Of what calcard parses in a second we read as much at least.
const SHARE: f64 = 0.75;
const EVENTS: usize = 4_000;

fn main() -> ExitCode {
    // `cargo test --benches` runs this without the word; there is nothing to test.
    if !std::env::args().any(|word| word == "--bench") {
        return ExitCode::SUCCESS;
    }
    let text = calendar();
    let ours = Document {
        source: SourceId::new("bench").expect("an id"),
        key: "meetings.ics".to_owned(),
        url: None,
        media_type: None,
        bytes: text.clone().into_bytes(),
        version: String::new(),
        first_seen: None,
    };
    let reading = median(|| _ = black_box(noticeboard::read::read(&ours)));
    let parsing = median(|| _ = black_box(calcard::icalendar::ICalendar::parse(&text)));
    let rate = |time: Duration| text.len() as f64 / 1e6 / time.as_secs_f64();
    let share = rate(reading) / rate(parsing);
    println!("{EVENTS} meetings, {:.2} MB; CPU time of one thread, median of {PASSES} passes", text.len() as f64 / 1e6);
    println!("{:<28} {:>9.1} ms {:>9.1} MB/s", "read", reading.as_secs_f64() * 1e3, rate(reading));
    println!("{:<28} {:>9.1} ms {:>9.1} MB/s", "calcard, parse alone", parsing.as_secs_f64() * 1e3, rate(parsing));
    println!("{:<28} {share:>9.2}", "share of calcard's rate");
    if share < SHARE {
        println!("reading is {share:.2} times as fast as calcard's parse; expected {SHARE} at least");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Timed, whole-day and repeating meetings, with what calendar applications write around them.
fn calendar() -> String {
    let mut text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Quillhaven//Meetings//EN\nX-WR-CALNAME:Meetings\n\
        BEGIN:VTIMEZONE\nTZID:Europe/Helsinki\nBEGIN:DAYLIGHT\nDTSTART:19700329T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0300\n\
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\nBEGIN:STANDARD\nDTSTART:19701025T040000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0200\n\
        RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\nEND:VTIMEZONE\n"
        .to_owned();
    for n in 0..EVENTS {
        let day = format!("2025{:02}{:02}", n % 12 + 1, n % 28 + 1);
        let when = match n % 5 {
            0 => format!("DTSTART;VALUE=DATE:{day}\n"),
            1 => format!("DTSTART:{day}T160000Z\nDTEND:{day}T173000Z\n"),
            2 => format!("DTSTART;TZID=Europe/Helsinki:{day}T180000\nDURATION:PT1H30M\nRRULE:FREQ=WEEKLY;COUNT=12\n"),
            _ => format!("DTSTART;TZID=Europe/Helsinki:{day}T180000\nDTEND;TZID=Europe/Helsinki:{day}T193000\n"),
        };
        text.push_str(&format!(
            "BEGIN:VEVENT\nUID:meeting-{n}@quillhaven.example\nDTSTAMP:20250101T120000Z\nSUMMARY:Harbour meeting {n}\\, open to all\n{when}\
            DESCRIPTION:Bring a boat\\, or a friend with one. We talk about the pier\\, the\n  lanterns and the winter ferry; see\n  https://quillhaven.example/meetings/{n} for the minutes of the last time.\\n\\nThe door\n  is open from half past five.\n\
            LOCATION:Old Ropery\\, Pier {}\nURL:https://quillhaven.example/meetings/{n}\nCATEGORIES:Harbour,Meeting\nSTATUS:CONFIRMED\nSEQUENCE:1\n\
            ORGANIZER;CN=\"Aino Virta\":mailto:aino@quillhaven.example\nCREATED:20241201T090000Z\nLAST-MODIFIED:20241215T090000Z\nTRANSP:OPAQUE\n\
            BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT30M\nDESCRIPTION:Soon\nEND:VALARM\nEND:VEVENT\n",
            n % 9
        ));
    }
    text.push_str("END:VCALENDAR\n");
    text.replace('\n', "\r\n")
}

fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..PASSES)
        .map(|_| {
            let begin = cpu();
            work();
            cpu().saturating_sub(begin)
        })
        .collect();
    times.sort();
    times.get(PASSES / 2).copied().unwrap_or_default()
}

/// CPU time of this thread: others on the machine don't count.
fn cpu() -> Duration {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(spent.tv_sec).unwrap_or(0), u32::try_from(spent.tv_nsec).unwrap_or(0))
}
