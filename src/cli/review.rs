//! `noticeboard review`: what waits for a person, one after another; what is decided goes into the overrides file.
//!
//! On a terminal it asks, and each answer is written at once. Elsewhere it prints the list, or takes its answers from a file.

use super::run::from_here;
use super::screen::{Screen, printable};
use super::shown::{self, ShownEntry};
use super::words::{self, count};
use super::{Exit, moment, underline};
use crate::config::{self, Settings};
use crate::pipeline::{self, Review};
use crate::publish::review::{entry, quoted, why};
use crate::store::Waiting;
use crate::write;
use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;
use std::fs;
use std::io::{self, BufRead, IsTerminal};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct ReviewArgs {
    /// Use this SQLite file instead of the config's
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// Print what waits as JSON and ask nothing
    #[arg(long)]
    json: bool,
    /// Take the answers from this file, one a line; - for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    answers: Option<PathBuf>,
    /// Take this for the current time, such as 2026-03-14T09:00:00Z
    #[arg(long, value_name = "RFC3339", value_parser = moment)]
    now: Option<DateTime<Utc>>,
}

/// What may be answered.
const KEYS: &str = "a approve, r refuse, t TITLE, w START [to END], p PLACE (then approve), s skip, q quit";

pub(super) fn review(
    mut settings: Settings,
    args: &ReviewArgs,
    now: DateTime<Utc>,
    screen: &Screen,
) -> Result<Exit, Exit> {
    settings.store = args.store.as_deref().map_or(settings.store, from_here);
    let failed = |text: String| {
        screen.complain(&text);
        Exit::Failed
    };
    let found = pipeline::review(&settings, args.now.unwrap_or(now)).map_err(|error| failed(error.to_string()))?;
    if args.json {
        let items: Vec<Listed> = found.waiting.iter().map(listed).collect();
        screen.say_drawn(&serde_json::to_string_pretty(&items).map_err(|error| failed(error.to_string()))?);
        return Ok(Exit::Well);
    }
    let answers: Option<Box<dyn BufRead>> = match &args.answers {
        Some(file) if file.as_os_str() == "-" => Some(Box::new(io::stdin().lock())),
        Some(file) => {
            let opened = fs::File::open(from_here(file));
            let opened = opened.map_err(|error| failed(format!("{}: {error}", file.display())))?;
            Some(Box::new(io::BufReader::new(opened)))
        }
        None if io::stdin().is_terminal() && screen.out_is_terminal => Some(Box::new(io::stdin().lock())),
        None => None,
    };
    match answers {
        Some(answers) => Dialogue { settings: &settings, screen, answers }.all(&found),
        None => {
            found.waiting.iter().for_each(|waiting| screen.say_drawn(&told(waiting, screen.styled)));
            screen.say(&summary(&found));
            Ok(Exit::Well)
        }
    }
}

fn summary(found: &Review) -> String {
    match found.waiting.len() + found.more {
        0 => "nothing waits for a decision".to_owned(),
        1 => "1 event waits for a decision".to_owned(),
        many => format!("{many} events wait for a decision"),
    }
}

/// One event that waits, as JSON.
#[derive(Serialize)]
struct Listed {
    name: String,
    title: String,
    when: String,
    place: Option<String>,
    page: Option<String>,
    source: String,
    document: String,
    why: &'static str,
    confidence: f32,
    fields: Vec<shown::Field>,
}

fn listed(waiting: &Waiting) -> Listed {
    let facts = &waiting.sighting.facts;
    Listed {
        name: waiting.name.clone(),
        title: facts.title.clone(),
        when: words::when(&facts.when),
        place: words::place(&facts.place),
        page: facts.links.page.as_ref().map(ToString::to_string),
        source: waiting.document.source.to_string(),
        document: waiting.document.key.clone(),
        why: why(waiting.why),
        confidence: waiting.sighting.confidence,
        fields: shown::sighted(&waiting.sighting, false).fields,
    }
}

/// Title, when, where, and the sentences with the words that gave them underlined.
fn told(waiting: &Waiting, styled: bool) -> String {
    let facts = &waiting.sighting.facts;
    let mut lines = vec![facts.title.clone(), format!("  when       {}", words::when(&facts.when))];
    lines.extend(facts.recurrence.as_ref().map(|repeats| format!("  repeats    {}", words::recurrence(repeats))));
    lines.extend(words::place(&facts.place).map(|place| format!("  where      {place}")));
    lines.extend(facts.links.page.as_ref().map(|page| format!("  page       {page}")));
    let sure = waiting.sighting.confidence;
    lines.push(format!("  source     {}: {} (confidence {sure:.2})", waiting.document.source, waiting.document.key));
    lines.push(format!("  waits      {}", why(waiting.why)));
    lines.push(format!("  name       {}", waiting.name));
    let mut lines: Vec<String> = lines.iter().map(|line| printable(line)).collect();
    let events = vec![shown::sighted(&waiting.sighting, false)];
    let shown = ShownEntry { text: facts.html.plain_text(), events, ..ShownEntry::default() };
    for paragraph in underline::paragraphs(&shown.text, &shown.quotes(), styled).iter().take(5) {
        lines.push(String::new());
        lines.extend(paragraph.lines().map(|line| format!("  {line}")));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Questions and answers.
struct Dialogue<'a> {
    settings: &'a Settings,
    screen: &'a Screen,
    answers: Box<dyn BufRead>,
}

/// What an answer comes to.
enum Answer {
    /// These lines decide it.
    Decided(Vec<(&'static str, String)>),
    /// The next one.
    Skipped,
    /// No more of them.
    Quit,
}

impl Dialogue<'_> {
    fn all(mut self, found: &Review) -> Result<Exit, Exit> {
        let mut decided = 0;
        for (at, waiting) in found.waiting.iter().enumerate() {
            self.screen.say(&format!("{} of {}", at + 1, found.waiting.len() + found.more));
            self.screen.say_drawn(&told(waiting, self.screen.styled));
            match self.ask(waiting) {
                Answer::Decided(lines) => {
                    let text = entry(&waiting.name, &waiting.sighting.facts.title, &lines);
                    add(self.settings, &text).map_err(|error| {
                        self.screen.complain(&error);
                        Exit::Failed
                    })?;
                    decided += 1;
                }
                Answer::Skipped => {}
                Answer::Quit => break,
            }
        }
        let file = file(self.settings);
        self.screen.say(&match decided {
            0 => format!("{}; nothing was decided", summary(found)),
            some => format!("{} written to {}; the next run follows them", count(some, "decision"), file.display()),
        });
        Ok(Exit::Well)
    }

    /// Asks until there is a decision.
    fn ask(&mut self, waiting: &Waiting) -> Answer {
        let mut fixes: Vec<(&'static str, String)> = Vec::new();
        loop {
            self.screen.say(KEYS);
            let mut line = String::new();
            match self.answers.read_line(&mut line) {
                Ok(0) | Err(_) => return Answer::Quit,
                Ok(_) => {}
            }
            let (key, value) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
            let value = value.trim();
            let new = match (key, value) {
                ("a", "") => {
                    fixes.push(("approve", "true".to_owned()));
                    return Answer::Decided(fixes);
                }
                ("r", "") => return Answer::Decided(vec![("refuse", "true".to_owned())]),
                ("s", "") => return Answer::Skipped,
                ("q", "") => return Answer::Quit,
                ("t", title) if !title.is_empty() => vec![("title", quoted(title))],
                ("p", place) if !place.is_empty() => vec![("place", quoted(place))],
                ("w", when) if !when.is_empty() => {
                    let (start, end) = when.split_once(" to ").map_or((when, None), |(start, end)| (start, Some(end)));
                    let end = end.map(|end| ("end", quoted(end)));
                    std::iter::once(("start", quoted(start))).chain(end).collect()
                }
                _ => {
                    self.screen.say("that is none of the answers");
                    continue;
                }
            };
            let mut rules = self.settings.rules.clone();
            let text = entry(&waiting.name, "", &new);
            match config::decide(&mut rules, &text, Path::new("the answer"), Path::new("")) {
                Ok(()) => {
                    let is_new = |(key, _): &(&str, String)| !new.iter().any(|(other, _)| other == key);
                    fixes.retain(|fix| is_new(fix) && !(fix.0 == "end" && new.iter().any(|(key, _)| *key == "start")));
                    fixes.extend(new);
                }
                Err(error) => self.screen.say(&error.to_string()),
            }
        }
    }
}

/// The overrides file, there or not yet.
fn file(settings: &Settings) -> PathBuf {
    let beside = || {
        let config = fs::canonicalize(&settings.file).unwrap_or_else(|_| settings.file.clone());
        config.with_file_name(config::OVERRIDES)
    };
    settings.overrides.clone().unwrap_or_else(beside)
}

/// Adds an entry at the end of the overrides file, as it stands now, and leaves the rest of it as it is.
fn add(settings: &Settings, text: &str) -> Result<(), String> {
    let file = file(settings);
    let before = match fs::read_to_string(&file) {
        Ok(before) => before,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            "# What is decided by hand; README.md tells how.\n".to_owned()
        }
        Err(error) => return Err(format!("{}: cannot be read: {error}", file.display())),
    };
    let end = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    let after = format!("{before}{end}\n{text}");
    let folder = file.parent().unwrap_or(Path::new(""));
    config::decide(&mut settings.rules.clone(), &after, &file, folder)
        .map_err(|error| format!("nothing was written, as the file would have a mistake:\n{error}"))?;
    write::replace(&file, after.as_bytes()).map_err(|error| error.to_string())
}
