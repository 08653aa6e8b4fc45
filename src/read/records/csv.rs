//! Tables of comma-separated values (RFC 4180), as spreadsheets and people write them.
//!
//! In: text. Out: rows of cells, each with its line. The separator is found out: comma, semicolon, tab or bar. A quote that is never closed takes the rest.

/// A row with the line on which it begins.
pub(super) struct Row {
    pub line: u32,
    pub cells: Vec<String>,
}

/// The rows that say something, at most `most`.
pub(super) fn rows(text: &str, most: usize) -> Vec<Row> {
    let separator = separator(text);
    let mut rows = Vec::new();
    let mut row = Row { line: 1, cells: Vec::new() };
    let (mut cell, mut line, mut quoted) = (String::new(), 1, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        line += u32::from(c == '\n');
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = true;
            }
            '\n' if !quoted => {
                row.cells.push(std::mem::take(&mut cell));
                keep(&mut rows, std::mem::replace(&mut row, Row { line, cells: Vec::new() }));
                if rows.len() >= most {
                    return rows;
                }
            }
            '\r' => {}
            c if c == separator && !quoted => row.cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    row.cells.push(cell);
    keep(&mut rows, row);
    rows
}

fn keep(rows: &mut Vec<Row>, mut row: Row) {
    row.cells.iter_mut().for_each(|cell| *cell = cell.trim().to_owned());
    if row.cells.iter().any(|cell| !cell.is_empty()) {
        rows.push(row);
    }
}

/// The sign that the first line holds most of, outside of quotes.
fn separator(text: &str) -> char {
    let head = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let bare: String = head.split('"').step_by(2).collect();
    let count = |sign: char| bare.matches(sign).count();
    [',', ';', '\t', '|'].into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_quotes_separators_and_line_breaks_in_cells() {
        for text in [
            "title,start\r\n\"Bats, \"\"and\"\" owls\",2026-05-04\r\n\r\n\"two\nlines\",x\n",
            "title;start\n\"Bats, \"\"and\"\" owls\";2026-05-04\n\n\"two\nlines\";x",
            "title\tstart\n\"Bats, \"\"and\"\" owls\"\t2026-05-04\n\n\"two\nlines\"\tx\n",
        ] {
            let found: Vec<(u32, Vec<String>)> = rows(text, 100).into_iter().map(|row| (row.line, row.cells)).collect();
            let cells = |list: [&str; 2]| list.map(str::to_owned).to_vec();
            assert_eq!(
                found,
                [
                    (1, cells(["title", "start"])),
                    (2, cells(["Bats, \"and\" owls", "2026-05-04"])),
                    (4, cells(["two\nlines", "x"]))
                ],
                "{text}"
            );
        }
    }
}
