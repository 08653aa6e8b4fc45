//! How many instructions a post takes, compared with pinned figures: the same on every machine, so a change that makes reading slower shows.
//!
//! ```console
//! $ tests/bench instructions          compares with benches/instructions.txt, ±10 %
//! $ tests/bench instructions --pin    writes that file anew
//! ```
//!
//! Each post of `benches/posts` is read once and then eleven times under valgrind's callgrind; a tenth of the difference is what one reading
//! takes, without start-up. Counted are the extractor alone and the whole way (read, extract, normalize).

#![allow(clippy::print_stdout, reason = "figures are what a bench is for")]

mod common;

use common::{Prepared, document, loud, rules};
use noticeboard::compose::digest;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// A figure may differ by such a part of the pinned one: compilers differ, and hash maps are not the same twice.
const TOLERANCE: f64 = 0.10;

/// One reading is counted as the difference between so many more of them and one.
const MORE: u64 = 10;

/// What is counted of each post.
const WHAT: [&str; 2] = ["extract", "whole"];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["count", what, file, times] => count(what, file, times.parse().unwrap_or(1)),
        // `cargo test --benches` runs this without the word; there is nothing to test.
        words if words.contains(&"--bench") => return compare(words.contains(&"--pin")),
        _ => {}
    }
    ExitCode::SUCCESS
}

/// What runs under callgrind.
fn count(what: &str, file: &str, times: u64) {
    let text = std::fs::read_to_string(file).expect("a post");
    let (post, rules) = (Prepared::of(document("post.md", text)), rules());
    for _ in 0..times {
        match what {
            "extract" => _ = black_box(post.extract(&rules)),
            _ => _ = black_box(digest(&post.document, &rules)),
        }
    }
}

fn compare(pin: bool) -> ExitCode {
    if Command::new("valgrind").arg("--version").output().is_err() {
        loud("NOT MEASURED: instructions, because valgrind is not there (apt-get install valgrind)");
        return ExitCode::SUCCESS;
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
    let pins = here.join("instructions.txt");
    let pinned = read(&std::fs::read_to_string(&pins).unwrap_or_default());
    let mut lines = String::from("# instructions of one reading; written by `tests/bench instructions --pin`\n");
    let mut well = true;
    println!("{:<28} {:>12} {:>12} {:>9}", "", "instructions", "pinned", "");
    for file in posts(&here.join("posts")) {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for what in WHAT {
            let name = format!("{stem} {what}");
            let counted = (instructions(what, &file, 1 + MORE) - instructions(what, &file, 1)) / MORE;
            lines.push_str(&format!("{name} {counted}\n"));
            let told = match pinned.get(&name) {
                Some(&before) => {
                    let change = counted as f64 / before as f64 - 1.0;
                    let far = change.abs() > TOLERANCE;
                    well &= !far;
                    format!("{before:>12} {:>+8.1} %{}", change * 100.0, if far { "   DIFFERS" } else { "" })
                }
                None => {
                    well = false;
                    format!("{:>12}", "not pinned")
                }
            };
            println!("{name:<28} {counted:>12} {told}");
        }
    }
    if pin {
        std::fs::write(&pins, lines).expect("benches/instructions.txt can be written");
        println!("pinned");
    } else if !well {
        println!(
            "figures differ by more than {:.0} %; if that is meant: tests/bench instructions --pin",
            TOLERANCE * 100.0
        );
    }
    if well || pin { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// `name what count`, a line each.
fn read(text: &str) -> BTreeMap<String, u64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.rsplit_once(' '))
        .filter_map(|(name, n)| Some((name.to_owned(), n.parse().ok()?)))
        .collect()
}

fn posts(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).expect("benches/posts").filter_map(Result::ok);
    let mut files: Vec<PathBuf> = files.map(|file| file.path()).collect();
    files.sort();
    files
}

/// Instructions of this program reading a post so many times.
fn instructions(what: &str, file: &Path, times: u64) -> u64 {
    let folder = tempfile::tempdir().expect("a folder for the counts");
    let counts = folder.path().join("counts");
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--log-file=/dev/null"]);
    command.arg(format!("--callgrind-out-file={}", counts.display()));
    command.arg(std::env::current_exe().expect("this program")).args(["count", what]).arg(file).arg(times.to_string());
    let output = command.output().expect("valgrind");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(&counts).expect("callgrind's counts");
    let total = text.lines().find_map(|line| line.strip_prefix("totals: ").or_else(|| line.strip_prefix("summary: ")));
    total.and_then(|total| total.trim().parse().ok()).expect("callgrind's total")
}
