//! `noticeboard check`: every problem and contradiction, and what each source would give. Changes neither store nor output.

use super::run::watcher;
use super::screen::{Screen, progress_line};
use super::words::count;
use super::{Common, Exit, log, only, shown, wait_for};
use crate::config::Settings;
use crate::model::Sighting;
use crate::pipeline::{self, Options};
use crate::report::{Checked, CheckedSource};
use chrono::{DateTime, Utc};
use clap::Args;

/// What a check says that was asked to stop.
const STOPPED: &str = "stopped; a check keeps nothing";

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Also ask the sources over the network
    #[arg(long)]
    live: bool,
    /// Check only this source
    #[arg(long, value_name = "SOURCE")]
    only: Option<String>,
    #[command(flatten)]
    common: Common,
}

pub(super) fn check(settings: Settings, args: &CheckArgs, now: DateTime<Utc>, screen: &Screen) -> Result<Exit, Exit> {
    log::begin(args.common.log);
    let options = Options {
        only: only(args.only.as_deref(), &settings, screen)?,
        progress: watcher(args.common.log, screen),
        ..Options::at(args.common.now.unwrap_or(now))
    };
    let (is_watched, stop) = (options.progress.is_some(), options.stop.clone());
    let work = async {
        let result = pipeline::check(&settings, options, args.live).await;
        if is_watched {
            progress_line("");
        }
        result
    };
    let checked = wait_for(work, Some((&stop, STOPPED.to_owned())), screen)?;
    screen.say(&told(&checked, args.common.verbose));
    Ok(if checked.problems.is_empty() { Exit::Well } else { Exit::NeedsPerson })
}

fn told(checked: &Checked, verbose: bool) -> String {
    let mut lines: Vec<String> = checked.problems.iter().map(ToString::to_string).collect();
    if !lines.is_empty() {
        lines.push(String::new());
    }
    for source in &checked.sources {
        lines.push(source_line(source));
        if verbose {
            lines.extend(source.skipped.iter().map(|(document, reason)| format!("  skipped {document}: {reason}")));
            lines.extend(source.unsure.iter().map(|(document, maybe)| unsure(document, maybe)));
        }
    }
    lines.push(match checked.problems.len() {
        0 => "no problems".to_owned(),
        several => count(several, "problem"),
    });
    lines.join("\n")
}

/// What was understood, and for each of its facts the words and the rule that gave it.
fn unsure(document: &str, maybe: &Sighting) -> String {
    let (facts, sure) = (&maybe.facts, maybe.confidence);
    let head = format!("  unsure {document}: `{}` on {} (confidence {sure:.2})", facts.title, facts.when.first_day());
    let fields = shown::sighted(maybe, false).fields.into_iter().filter(|field| field.name != "title");
    let told = fields.filter_map(|field| Some(format!("\n    {:<10} {}", field.name, field.evidence()?)));
    told.fold(head, |text, line| text + &line)
}

fn source_line(source: &CheckedSource) -> String {
    let what = [count(source.documents, "document"), count(source.posts, "post"), count(source.events, "event")];
    let mut tail = String::new();
    for (number, what) in [(source.skipped.len(), "skipped"), (source.unsure.len(), "unsure")] {
        if number > 0 {
            tail.push_str(&format!(", {number} {what}"));
        }
    }
    format!("{}: {}{}{tail}", source.id, asked(source), what.join(", "))
}

/// `200, 3412 bytes in 210 ms, RSS; `
fn asked(source: &CheckedSource) -> String {
    if let Some(until) = source.waits_until {
        return format!("not asked, its server wants to be left alone until {}; ", until.format("%Y-%m-%d %H:%M UTC"));
    }
    let Some(attempt) = &source.attempt else { return String::new() };
    let failed = (!attempt.good).then(|| "failed".to_owned());
    let status = attempt.status.map(|status| status.to_string());
    let size =
        format!("{} in {} ms", count(usize::try_from(attempt.received).unwrap_or(usize::MAX), "byte"), attempt.took);
    let format = source.format.map(str::to_owned);
    let parts: Vec<String> = failed.into_iter().chain(status).chain([size]).chain(format).collect();
    format!("{}; ", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::words::tests::{camp, lighthouse_camp};
    use crate::model::{Problem, ProblemKind, SourceId};
    use crate::store::Attempt;

    #[test]
    fn problems_come_first_then_each_source() {
        let id = SourceId::new("blog").unwrap();
        let skipped = vec![("a.md".to_owned(), "draft".to_owned())];
        let camp = Sighting { confidence: 0.41, ..camp(lighthouse_camp()) };
        let unsure = vec![("c.md".to_owned(), camp)];
        let sources = vec![CheckedSource {
            documents: 3,
            posts: 2,
            events: 1,
            skipped,
            unsure,
            ..CheckedSource::new(id.clone())
        }];
        let sentence = "`date` says 2026-05-01, but the text says 2026-05-02";
        let problems = vec![Problem::new(ProblemKind::Contradiction, sentence).at(&id, "b.md").line(3)];
        insta::assert_snapshot!(told(&Checked { sources: sources.clone(), problems }, true), @r#"
blog: b.md:3: `date` says 2026-05-01, but the text says 2026-05-02

blog: 3 documents, 2 posts, 1 event, 1 skipped, 1 unsure
  skipped a.md: draft
  unsure c.md: `Winter camp` on 2027-02-12 (confidence 0.41)
    when       "from the 12th to the 14th of February 2027", range of days (0.93)
    place      "in Gull Point", in a place (0.93)
1 problem
"#);
        insta::assert_snapshot!(told(&Checked { sources, problems: vec![] }, false), @r"
blog: 3 documents, 2 posts, 1 event, 1 skipped, 1 unsure
no problems
");
    }

    #[test]
    fn what_was_asked_is_told_with_its_answer() {
        let source = |attempt, format, until: Option<&str>| CheckedSource {
            attempt,
            format,
            waits_until: until.map(|until| until.parse().unwrap()),
            ..CheckedSource::new(SourceId::new("ponds").unwrap())
        };
        let at = "2026-11-28T12:00:00Z".parse().unwrap();
        let attempt =
            |good, status, received| Some(Attempt { at, good, status, received, took: 210, documents: 1, events: 0 });
        for (source, expected) in [
            (source(attempt(true, Some(200), 3412), Some("RSS"), None), "200, 3412 bytes in 210 ms, RSS; "),
            (source(attempt(false, Some(410), 0), None, None), "failed, 410, 0 bytes in 210 ms; "),
            (source(attempt(false, None, 0), None, None), "failed, 0 bytes in 210 ms; "),
            (
                source(None, None, Some("2026-11-28T15:00:00Z")),
                "not asked, its server wants to be left alone until 2026-11-28 15:00 UTC; ",
            ),
            (source(None, None, None), ""),
        ] {
            assert_eq!(asked(&source), expected);
        }
    }
}
