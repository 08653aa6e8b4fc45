//! How fast prose is read: throughput over real posts, chrono-node over the same prose, and texts made to be slow.
//!
//! ```console
//! $ tests/bench                      everything
//! $ tests/bench throughput hostile   some of it: throughput, peer, hostile
//! ```
//!
//! One thread, its own CPU time, the median of several passes. The real posts are those of the shared folder (`$NOTICEBOARD_SHARED`);
//! chrono-node is looked for in `$NOTICEBOARD_BENCH_NODE`, which `tests/bench` sets.

#![allow(clippy::print_stdout, reason = "figures are what a bench is for")]

mod common;

use common::{Prepared, document, loud, rules};
use noticeboard::compose::digest;
use noticeboard::extract::{self, Prose};
use noticeboard::model::{Reading, Rules};
use noticeboard::normalize::{self, Context};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

const FILES: &[&str] = &[
    "aarhus-dev",
    "bssw",
    "haskell-foundation",
    "nordic-rse",
    "ocaml",
    "pyopensci",
    "unikraft",
    "usegalaxy-eu",
    "this-week-in-rust-multi",
];

/// The median of so many passes counts.
const PASSES: usize = 7;

/// The peer gets so many seconds.
const PEER_SECONDS: &str = "60";

/// Twice the text may take so many times as long per byte; what grows with the square of a text takes twice as long.
const LINEAR: f64 = 1.4;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --benches` runs this without the word; there is nothing to test.
    if !words.iter().any(|word| word == "--bench") {
        return ExitCode::SUCCESS;
    }
    let asked: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.starts_with('-')).collect();
    let wants = |name: &str| asked.is_empty() || asked.contains(&name);
    let rules = rules();
    let posts = shared().map(|shared| posts(&shared.join("corpus/dev"))).unwrap_or_default();
    if posts.is_empty() {
        loud("NOT MEASURED: throughput, because the shared folder ($NOTICEBOARD_SHARED) is not there");
    } else if wants("throughput") || wants("peer") {
        let ours = throughput(&posts, &rules);
        if wants("peer") {
            peer(&posts, ours);
        }
    }
    let linear = !wants("hostile") || hostile(&rules);
    if linear { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What this thread has spent on a processor.
fn cpu() -> Duration {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(spent.tv_sec.unsigned_abs(), spent.tv_nsec.unsigned_abs() as u32)
}

/// The time that some work takes this thread.
fn timed(work: impl FnOnce()) -> Duration {
    let begun = cpu();
    work();
    cpu() - begun
}

/// The shared folder of real documents, where it is there.
fn shared() -> Option<PathBuf> {
    std::env::var_os("NOTICEBOARD_SHARED").map(PathBuf::from).filter(|folder| folder.is_dir())
}

/// The posts of the listed files, as documents.
fn posts(folder: &Path) -> Vec<Prepared> {
    let texts = FILES.iter().filter_map(|name| std::fs::read_to_string(folder.join(format!("{name}.jsonl"))).ok());
    let lines = texts.collect::<String>();
    let posts = lines.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    posts.map(|post| Prepared::of(document(name(&post), text(&post)))).collect()
}

fn name(post: &serde_json::Value) -> &'static str {
    match post["format"].as_str() {
        Some("mdx") => "post.mdx",
        Some("html") => "post.html",
        _ => "post.md",
    }
}

/// The body behind front matter of the given fields; a JSON string is a YAML string, too.
fn text(post: &serde_json::Value) -> String {
    let fields = [("title", "title"), ("date", "published"), ("language", "language")];
    let fields = fields.iter().filter(|(_, field)| post[field].is_string());
    let fields: String = fields.map(|(name, field)| format!("{name}: {}\n", post[field])).collect();
    format!("---\n{fields}---\n{}", post["body"].as_str().unwrap_or_default())
}

/// The prose as plain paragraphs.
fn plain(posts: &[Prepared]) -> String {
    let texts = posts.iter().flat_map(|post| &post.read.entries).map(|entry| normalize::text_of(&entry.html));
    let paragraphs = |text: String| text.lines().map(|line| format!("{line}\n\n")).collect::<String>();
    texts.map(paragraphs).collect()
}

fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..PASSES).map(|_| timed(&mut work)).collect();
    times.sort();
    times[PASSES / 2]
}

fn rate(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / 1e6 / time.as_secs_f64()
}

/// Prints the table; the megabytes of plain prose that are extracted a second.
fn throughput(posts: &[Prepared], rules: &Rules) -> f64 {
    let markdown: usize = posts.iter().map(|post| post.document.bytes.len()).sum();
    let html: usize = posts.iter().flat_map(|post| &post.read.entries).map(|entry| entry.html.len()).sum();
    let plain = plain(posts).len();
    let extraction = median(|| posts.iter().for_each(|post| _ = black_box(post.extract(rules))));
    let reading = median(|| posts.iter().for_each(|post| _ = black_box(noticeboard::read::read(&post.document))));
    let whole = median(|| posts.iter().for_each(|post| _ = black_box(digest(&post.document, rules))));
    let normalizing = normalizing(posts, rules);
    let mb = |bytes: usize| bytes as f64 / 1e6;
    println!(
        "{} posts: {:.2} MB of Markdown, {:.2} MB of HTML, {:.2} MB of plain prose; CPU time of one thread, median of {PASSES} passes",
        posts.len(),
        mb(markdown),
        mb(html),
        mb(plain)
    );
    let row = |name: &str, time: Duration, what: &str, bytes: usize| {
        println!("{name:<28} {:>9.1} ms {:>9.1} MB/s of {what}", time.as_secs_f64() * 1e3, rate(bytes, time));
    };
    row("extract", extraction, "plain prose", plain);
    row("extract", extraction, "HTML", html);
    row("read", reading, "Markdown", markdown);
    row("read + extract", reading + extraction, "Markdown", markdown);
    row("normalize", normalizing, "Markdown", markdown);
    row("read + extract + normalize", whole, "Markdown", markdown);
    rate(plain, extraction)
}

/// Normalizing alone; what it eats is made outside of the measured time.
fn normalizing(posts: &[Prepared], rules: &Rules) -> Duration {
    let pass = |_| {
        let mut total = Duration::ZERO;
        for post in posts {
            let Some(context) = Context::new(&post.document, post.read.format, rules) else { continue };
            for entry in &post.read.entries {
                let extraction = extract::extract(&context.prose(entry));
                let (entry, mut reading) = (entry.clone(), Reading::default());
                total += timed(|| normalize::normalize(&context, entry, extraction, &mut reading));
                black_box(reading);
            }
        }
        total
    };
    let mut times: Vec<Duration> = (0..PASSES).map(pass).collect();
    times.sort();
    times[PASSES / 2]
}

/// chrono-node over the same prose, and how many times as fast we are.
fn peer(posts: &[Prepared], ours: f64) {
    let skip = |why: &str| loud(&format!("NOT MEASURED: chrono-node, because {why}"));
    let (Some(shared), Some(node)) = (shared(), std::env::var_os("NOTICEBOARD_BENCH_NODE")) else {
        return skip("$NOTICEBOARD_BENCH_NODE is not set: `tests/bench` installs it and sets it");
    };
    let script = shared.join("perf/extract/chrono.mjs");
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => return skip(&error.to_string()),
    };
    let prose = plain(posts);
    let file = folder.path().join("prose.txt");
    if let Err(error) = std::fs::write(&file, &prose) {
        return skip(&error.to_string());
    }
    let mut command = Command::new("node");
    command.arg(script).arg(&file).args([&prose.len().to_string(), PEER_SECONDS]);
    let output = match command.env("NODE_MODULES", PathBuf::from(node).join("node_modules")).output() {
        Ok(output) => output,
        Err(error) => return skip(&format!("node cannot be run: {error}")),
    };
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    match told["mb_per_cpu_s"].as_f64() {
        Some(theirs) => println!(
            "{:<28} {:>9.1} ms {theirs:>9.1} MB/s of plain prose; extract is {:.0} times as fast",
            "chrono-node",
            told["cpu_s"].as_f64().unwrap_or_default() * 1e3,
            ours / theirs
        ),
        None => skip(String::from_utf8_lossy(&output.stderr).trim()),
    }
}

/// Makes a text of so many parts.
type Make<'a> = &'a dyn Fn(usize) -> String;

/// Texts that are made to be slow, each once and twice as long. True if none takes more than linear time.
fn hostile(rules: &Rules) -> bool {
    let sentence = "The shed by the pier is open to all who mend kites, and the kettle is on until late in May. ";
    let texts: &[(&str, usize, Make)] = &[
        ("digits", 100_000, &|n| "7".repeat(n)),
        ("1/2/", 100_000, &|n| "1/2/".repeat(n)),
        ("5 May ", 100_000, &|n| "5 May ".repeat(n)),
        ("in Paris, ", 50_000, &|n| "in Paris, ".repeat(n)),
        ("every Monday at 7 ", 20_000, &|n| "every Monday at 7 ".repeat(n)),
        ("lists in lists", 20_000, &|n| "<ul><li>5 May in Turku ".repeat(n)),
        ("lists in lists, Markdown", 2_000, &nested),
        ("lines of a list", 20_000, &|n| "- 5 May 2026 | Turku | Kites\n".repeat(n)),
        ("one line of 10 MB", 10_000_000 / sentence.len(), &|n| sentence.repeat(n)),
    ];
    println!("\nhostile texts, ns a byte; n/200 and n/100 stand below the limits of what is looked at in one text");
    println!("{:<26} {:>9}   {:>39}   {:>19}", "", "", "extract", "whole");
    let head = ["n/200", "n/100", "n", "2n", "n", "2n"].map(|size| format!("{size:>9}"));
    println!("{:<26} {:>9}   {}   {}", "", "n", head[..4].join(" "), head[4..].join(" "));
    let mut linear = true;
    for (name, n, make) in texts {
        let extraction = [n / 200, n / 100, *n, 2 * n].map(|n| extracted(&make(n)));
        let whole = [*n, 2 * n].map(|n| digested(&make(n), rules));
        let pairs = [&extraction[..2], &extraction[2..], &whole[..]];
        let grows = pairs.iter().any(|pair| pair[1] / pair[0] > LINEAR);
        linear &= !grows;
        let figures = |some: &[f64]| some.iter().map(|ns| format!("{ns:>9.1}")).collect::<Vec<_>>().join(" ");
        let told = if grows { "   NOT LINEAR" } else { "" };
        println!("{name:<26} {n:>9}   {}   {}{told}", figures(&extraction), figures(&whole));
    }
    linear
}

fn nested(depth: usize) -> String {
    // A level costs so many spaces that only a cut can keep the text small: every 40 levels it begins anew.
    (0..depth).map(|level| format!("{}- on 5 May in Turku\n", "  ".repeat(level % 40))).collect()
}

/// Nanoseconds a byte of the extractor alone, on the text as one paragraph of HTML; the best of several.
fn extracted(text: &str) -> f64 {
    let html = format!("<p>{text}</p>");
    let published = chrono::NaiveDate::from_ymd_opt(2026, 3, 1);
    let prose = Prose { title: "Kites", summary: None, html: &html, published, seen: published, language: "en" };
    best(text.len(), || _ = black_box(extract::extract(&prose)))
}

/// Nanoseconds a byte of the whole way from Markdown.
fn digested(text: &str, rules: &Rules) -> f64 {
    let document = document("post.md", format!("---\ntitle: Kites\ndate: 2026-03-01\n---\n{text}\n"));
    best(text.len(), || _ = black_box(digest(&document, rules)))
}

fn best(bytes: usize, mut work: impl FnMut()) -> f64 {
    let mut best = timed(&mut work);
    let mut spent = best;
    // What takes long is measured well enough at once.
    while spent < Duration::from_millis(200) {
        let time = timed(&mut work);
        best = best.min(time);
        spent += time;
    }
    best.as_nanos() as f64 / bytes as f64
}
