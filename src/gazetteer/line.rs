//! A line that says where, in parts.
//!
//! In: `Room 2, Harbour Hall, Quay 3, 20100 Turku, Finland`. Out: its [`Part`]s from left to right, without post codes and brackets.

/// What stands between two commas.
#[derive(Debug, Default)]
pub struct Part<'a> {
    /// Its words, without a post code and the words before that.
    pub words: Vec<&'a str>,
    /// A post code stood beside them.
    pub has_post_code: bool,
    /// The number or letter of a city's district stood behind: `Praha 1`, `Aarhus C`.
    pub has_district: bool,
}

/// A longer line is prose.
const MOST_BYTES: usize = 400;
const MOST_PARTS: usize = 16;

/// Words before a town that say no more than "there", folded or not.
const BEFORE_TOWN: &[&str] = &[
    "in", "at", "near", "to", "à", "en", "em", "im", "nach", "bei", "te", "w", "we", "v", "ve", "ved", "i", "på", "la",
    "в", "во", "In", "At", "Near", "À", "En", "Em", "Im", "Bei", "W", "V", "I", "La", "В",
];

/// The parts of a line; none where it is too long to say just where.
pub fn parts(line: &str) -> Vec<Part<'_>> {
    if line.len() > MOST_BYTES {
        return Vec::new();
    }
    let parts = split(line).into_iter().flat_map(|part| if part.contains('(') { brackets(part) } else { vec![part] });
    let parts: Vec<Part> = parts.map(Part::of).filter(|part| !part.words.is_empty()).collect();
    if parts.len() > MOST_PARTS { Vec::new() } else { parts }
}

fn split(line: &str) -> Vec<&str> {
    let is_mark = |c: char| {
        matches!(c, ',' | ';' | '|' | '/' | '\n' | '\t' | '·' | '•' | '–' | '—' | '、' | '，' | '・' | '→' | ':')
    };
    line.split(is_mark).flat_map(|part| part.split(" - ")).collect()
}

/// `São Paulo (SP)` are two parts, `Halle (Saale)` is a name.
fn brackets(part: &str) -> Vec<&str> {
    if super::is_town(part) { vec![part] } else { part.split(['(', ')']).collect() }
}

impl<'a> Part<'a> {
    fn of(text: &'a str) -> Part<'a> {
        let is_around = |c: char| {
            c.is_whitespace() || matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '*' | '!' | '?' | '[' | ']' | '_')
        };
        let mut words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(is_around)).collect();
        words.retain(|word| !word.is_empty() && !word.starts_with('〒'));
        while let Some(from) = [2, 1].into_iter().find(|count| words.len() > *count && is_online(&words, *count)) {
            words.truncate(words.len() - from);
        }
        let mut part = Part::default();
        while words.len() > 1 && words.last().is_some_and(|word| is_year(word)) {
            words.pop();
        }
        while words.len() > 1 && words.first().is_some_and(|word| is_year(word)) {
            words.remove(0);
        }
        part.take_codes_behind(&mut words);
        part.take_code_before(&mut words);
        if words.len() > 1 && words.last().is_some_and(|word| is_district(word)) {
            words.pop();
            part.has_district = true;
        }
        while words.len() > 1
            && words.first().is_some_and(|word| BEFORE_TOWN.contains(word))
            && !super::is_town(&words.join(" "))
        {
            words.remove(0);
        }
        part.words = words;
        part
    }

    /// `Wien 1010`, `London SW1A 1AA`.
    fn take_codes_behind(&mut self, words: &mut Vec<&str>) {
        while words.len() > 1 && words.last().is_some_and(|word| is_post_code(word) || is_british(word)) {
            words.pop();
            self.has_post_code = true;
        }
    }

    /// `20100 Turku`, `D-80331 München`, `110 00 Praha`, `1016 AB Amsterdam`, also behind a street.
    fn take_code_before(&mut self, words: &mut Vec<&str>) {
        let is_digits = |word: &str| word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
        let split = |at: usize| {
            at > 0
                && words.get(at - 1).is_some_and(|word| word.len() == 3 && is_digits(word))
                && words.get(at).is_some_and(|word| is_digits(word))
        };
        let Some(at) =
            (0..words.len()).rev().find(|at| words.get(*at).is_some_and(|word| is_post_code(word)) || split(*at))
        else {
            return;
        };
        let is_dutch =
            words.get(at + 1).is_some_and(|word| word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_uppercase()));
        let from = if is_dutch && words.len() > at + 2 { at + 2 } else { at + 1 };
        if from < words.len() {
            words.drain(..from);
            self.has_post_code = true;
        }
    }
}

fn is_district(word: &str) -> bool {
    word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit())
        || ["C", "K", "N", "S", "V", "Ø", "NV", "SV", "NØ"].contains(&word)
}

/// The last words say that one may also come by wire: `Boulder and online`.
fn is_online(words: &[&str], count: usize) -> bool {
    let online = ["online", "virtual", "virtually", "remote", "hybrid", "virtuell"];
    let links = ["and", "or", "und", "et", "y", "e", "ed", "en", "i", "och", "og", "&", "+"];
    let word =
        |behind: usize| words.len().checked_sub(behind).and_then(|at| words.get(at)).copied().unwrap_or_default();
    online.contains(&word(1)) && (count == 1 || links.contains(&word(2)))
}

/// Four digits or more, perhaps with a country's letters or a dash: `1010`, `D-80331`, `00-950`.
fn is_post_code(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let body = word.split_once('-').map_or(word, |(before, behind)| {
        if before.len() <= 2 && before.bytes().all(|byte| byte.is_ascii_uppercase()) { behind } else { word }
    });
    (4..=9).contains(&digits) && body.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') && !is_year(word)
}

/// Half a British or Canadian post code: `SW1A`, `1AA`, `M5V`.
fn is_british(word: &str) -> bool {
    let has = |is: fn(&u8) -> bool| word.bytes().any(|byte| is(&byte));
    (2..=4).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.parse().is_ok_and(|year: u16| (1990..2040).contains(&year))
}
