//! `inspect cases CASES.jsonl...`: what `inspect facts` prints of each feed that a file of cases names, in one process.
//!
//! In: one JSON object a line, of which `id`, `file` (from the folder of the cases) and `http` (`url`, `headers`) are looked at. Out: a line
//! `{"id": …, "facts": …}` for each whose kind begins with `feed` and is no date.

use super::{document, facts};
use crate::cli::Exit;
use crate::cli::screen::Screen;
use clap::Args;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use url::Url;

#[derive(Debug, Args)]
pub(super) struct CasesArgs {
    /// Cases, one JSON object a line
    #[arg(value_name = "CASES.jsonl", required = true)]
    cases: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    kind: String,
    file: Option<PathBuf>,
    http: Option<Answered>,
}

/// How a server answered.
#[derive(Deserialize)]
struct Answered {
    url: Url,
    #[serde(default)]
    headers: HashMap<String, String>,
}

impl Answered {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The address that is counted from (RFC 9110 §8.7).
    fn base(&self) -> Url {
        self.header("Content-Location").and_then(|own| self.url.join(own).ok()).unwrap_or_else(|| self.url.clone())
    }
}

pub(super) fn print(args: &CasesArgs, screen: &Screen) -> Result<Exit, Exit> {
    for file in &args.cases {
        let unread = |error: std::io::Error| {
            screen.complain(&format!("{}: {error}", file.display()));
            Exit::Failed
        };
        let folder = file.parent().unwrap_or(Path::new("."));
        for line in BufReader::new(std::fs::File::open(file).map_err(unread)?).lines() {
            let Ok(case) = serde_json::from_str::<Case>(&line.map_err(unread)?) else { continue };
            if case.kind.starts_with("feed") && case.kind != "feed-date" {
                print_case(&case, folder, screen)?;
            }
        }
    }
    Ok(Exit::Well)
}

fn print_case(case: &Case, folder: &Path, screen: &Screen) -> Result<(), Exit> {
    let Some(file) = &case.file else { return Ok(()) };
    let http = case.http.as_ref();
    let base = http.map(Answered::base);
    let media_type = http.and_then(|http| http.header("Content-Type"));
    let document = document(&folder.join(file), base.as_ref(), media_type, screen)?;
    let facts = facts::of(&document, http.and_then(|http| http.header("Content-Language")));
    super::answer(&json!({ "id": case.id, "facts": facts }), screen).map(|_| ())
}
