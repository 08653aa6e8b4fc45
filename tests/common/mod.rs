//! A board of an invented community in a folder of the test's own, and the real program run on it.

#![allow(dead_code, reason = "each test uses a part of it")]

pub mod input;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;
use tempfile::TempDir;

/// A board: its config, its sources, its store and what it has published.
pub struct Board {
    folder: TempDir,
}

/// What a run told.
#[derive(Debug)]
pub struct Told {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Name → bytes and time of the last change.
pub type Files = BTreeMap<String, (Vec<u8>, SystemTime)>;

/// One `VEVENT` of a published calendar: its unfolded lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vevent(pub Vec<String>);

/// The one source of most boards: Markdown files in `posts/`.
pub const POSTS: &str = r#"
[[source]]
id = "posts"
from.directory = { path = "posts" }
link = "https://paperboats.example/{path}/"
"#;

impl Board {
    /// A board with these sources (TOML), and with all publishers.
    pub fn new(sources: &str) -> Self {
        let board = Self { folder: tempfile::tempdir().unwrap() };
        board.configure(sources);
        board
    }

    /// Writes the config anew.
    pub fn configure(&self, sources: &str) {
        let site = "[site]\ntitle = \"Paper boats\"\nurl = \"https://board.paperboats.example/\"\ntime_zone = \"Europe/Lisbon\"\n";
        let rest = "\n[output]\ndirectory = \"public\"\n\n[store]\nsqlite = \"state/board.db\"\n";
        self.write("noticeboard.toml", format!("{site}{sources}{rest}"));
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }

    /// The program, about to run on this board.
    pub fn command(&self, now: &str, further: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_noticeboard"));
        command.current_dir(self.root()).args(["run", "--now", now]).args(further);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, now: &str, further: &[&str]) -> Told {
        let output = self.command(now, further).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Told { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// The program with any words, on this board.
    pub fn tell(&self, words: &[&str]) -> Told {
        let mut command = Command::new(env!("CARGO_BIN_EXE_noticeboard"));
        let output = command.current_dir(self.root()).args(words).stdin(Stdio::null()).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Told { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Runs, and sees that it went well and had nothing to say.
    pub fn run_well(&self, now: &str) {
        let told = self.run(now, &[]);
        assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    }

    /// A published file.
    pub fn published(&self, file: &str) -> String {
        fs::read_to_string(self.path("public").join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Everything below the output folder but `health.*`.
    pub fn output(&self) -> Files {
        let mut all = files(&self.path("public"));
        all.retain(|name, _| !name.starts_with("health."));
        all
    }

    /// The events of the published calendar.
    pub fn events(&self) -> Vec<Vevent> {
        vevents(&self.published("events.ics"))
    }

    /// The published event of that title.
    pub fn event(&self, title: &str) -> Vevent {
        let events = self.events();
        let found = events.iter().find(|event| event.get("SUMMARY") == Some(title));
        found.unwrap_or_else(|| panic!("no `{title}` among {events:#?}")).clone()
    }

    pub fn titles(&self) -> Vec<String> {
        let mut titles: Vec<String> =
            self.events().iter().filter_map(|event| event.get("SUMMARY")).map(str::to_owned).collect();
        titles.sort();
        titles
    }
}

impl Vevent {
    /// The value of a property.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find_map(|line| {
            let (head, value) = line.split_once(':')?;
            (head.split(';').next() == Some(name)).then_some(value)
        })
    }

    pub fn number(&self, name: &str) -> u32 {
        self.get(name).and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{name} of {self:?}"))
    }
}

/// The events of a calendar.
pub fn vevents(calendar: &str) -> Vec<Vevent> {
    let unfolded = calendar.replace("\r\n ", "");
    let parts = unfolded.split("BEGIN:VEVENT\r\n").skip(1);
    parts
        .map(|part| Vevent(part.split("END:VEVENT").next().unwrap_or_default().lines().map(str::to_owned).collect()))
        .collect()
}

/// All files below a folder.
pub fn files(root: &Path) -> Files {
    let mut all = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                all.insert(name, (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap()));
            }
        }
    }
    all
}

/// Names and bytes only.
pub fn bytes(files: &Files) -> BTreeMap<&str, &[u8]> {
    files.iter().map(|(name, (bytes, _))| (name.as_str(), bytes.as_slice())).collect()
}

/// A copy of a folder with all that is in it.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// A post; `fields` are further lines of front matter.
pub fn post(title: &str, published: &str, fields: &str, text: &str) -> String {
    let fields = if fields.is_empty() { String::new() } else { format!("{}\n", fields.trim_end()) };
    format!("---\ntitle: \"{title}\"\ndate: {published}\n{fields}---\n\n{text}\n")
}

/// The nth post of a big invented community. Every second one declares an event; every post links to its neighbour.
pub fn nth_post(n: usize, edition: &str) -> String {
    const CRAFTS: [&str; 7] = ["folding", "launching", "waxing", "racing", "mending", "painting", "drying"];
    const PLACES: [&str; 5] = ["The Long Shed", "Weir Bridge", "Old Laundry", "Reading Room", "Lock Keeper's House"];
    let craft = CRAFTS[n % CRAFTS.len()];
    let published = format!("2026-{:02}-{:02}T09:00:00Z", n % 10 + 1, n % 28 + 1);
    let day = chrono::NaiveDate::from_ymd_opt(2027, 1, 1).unwrap() + chrono::Days::new((n / 2) as u64 % 600);
    let event = if n.is_multiple_of(2) {
        format!("startDate: {day}\naddress: \"{}\"\n", PLACES[n % PLACES.len()])
    } else {
        String::new()
    };
    let fields = format!("tags: [{craft}]\n{event}");
    let before = n.saturating_sub(1);
    let text = format!(
        "We met for {craft} and wrote down what we learnt{edition}.\n\nBring paper of eighty grams, a bone folder and a warm coat. \
         The [notes before these](/post-{before:04}/) tell how it began.\n\n* wax\n* string\n* patience\n"
    );
    post(&format!("Boat {craft} number {n}{edition}"), &published, &fields, &text)
}

/// A calendar of whole-day events: UID, day as `20270212`, title.
pub fn calendar_of(events: &[(&str, &str, &str)]) -> String {
    let event = |(uid, day, title): &(&str, &str, &str)| {
        format!(
            "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261001T000000Z\r\nDTSTART;VALUE=DATE:{day}\r\nSUMMARY:{title}\r\nEND:VEVENT\r\n"
        )
    };
    let events: String = events.iter().map(event).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n{events}END:VCALENDAR\r\n")
}
