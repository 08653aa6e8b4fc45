//! Posts of invented communities in AsciiDoc, reStructuredText and Org.

use crate::model::{Entry, Stamp};
use crate::read::cost::assert_linear;
use crate::read::tests::document;
use crate::read::{Read, read};
use proptest::prelude::*;

fn file(key: &str, text: &str) -> Read {
    read(&document(key, None, text.as_bytes()))
}

fn entry(key: &str, text: &str) -> Entry {
    let mut read = file(key, text);
    assert_eq!(read.problems, [], "{text}");
    assert_eq!(read.entries.len(), 1, "{text}");
    read.entries.remove(0)
}

/// The HTML below a header, without line breaks.
fn html(format: &str, text: &str) -> String {
    let header = match format {
        "adoc" => "= A\n\n",
        "rst" => "A\n===\n\n",
        _ => "#+TITLE: A\n\n",
    };
    entry(&format!("a.{format}"), &format!("{header}{text}"))
        .html
        .replace(">\n", ">")
        .replace("\n<", "<")
        .replace('\n', " ")
}

fn check(format: &str, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(html(format, text), *expected, "{format}: {text}");
    }
}

fn day(text: &str) -> Option<Stamp> {
    Some(Stamp::Day(text.parse().unwrap()))
}

#[test]
fn headers_are_fields() {
    let adoc = entry(
        "a.adoc",
        "= Bat *walk*\nAda Bell <ada@bats.example>\nv1.0, 2026-03-01\n:page-tags: [bats, walks]\n:event-start: 2026-05-04 21:00\n\nCome.\n",
    );
    let rst = entry(
        "a.rst",
        "Bat *walk*\n==========\n\n:date: 2026-03-01\n:author: Ada Bell\n:tags: bats, walks\n:event-start: 2026-05-04 21:00\n\nCome.\n",
    );
    let nikola = entry(
        "b.rst",
        ".. title: Bat walk\n.. date: 2026-03-01\n.. author: Ada Bell\n.. tags: bats, walks\n.. event-start: 2026-05-04 21:00\n\nCome.\n",
    );
    let ablog = entry(
        "c.rst",
        ".. post:: Mar 1, 2026\n   :author: Ada Bell\n   :tags: bats, walks\n   :event-start: 2026-05-04 21:00\n\nBat walk\n********\n\nCome.\n",
    );
    let org = entry(
        "a.org",
        "#+TITLE: Bat *walk*\n#+DATE: [2026-03-01 Sun]\n#+AUTHOR: Ada Bell\n#+FILETAGS: :bats:walks:\n#+EVENT_START: <2026-05-04 Mon 21:00>\n\nCome.\n",
    );
    for entry in [adoc, rst, nikola, ablog, org] {
        assert_eq!(entry.title, "Bat walk");
        assert_eq!(entry.published, day("2026-03-01"));
        assert_eq!(entry.authors[0].name, "Ada Bell");
        assert_eq!(entry.tags, ["bats", "walks"]);
        let start = entry.declared.start.unwrap();
        assert_eq!(start.value.day(), "2026-05-04".parse().unwrap());
        assert!(start.line > 1);
        assert_eq!(entry.html.trim(), "<p>Come.</p>");
    }
}

#[test]
fn front_matter_above_counts_more_than_the_header() {
    let entry = entry("a.adoc", "---\ntitle: Bat walk\n---\n= Another\n:page-date: 2026-03-01\n\nCome.\n");
    assert_eq!((entry.title.as_str(), entry.published), ("Bat walk", day("2026-03-01")));
}

#[test]
fn each_markup_has_its_ways_to_mark_a_draft() {
    for (key, header, draft) in [
        ("a.adoc", "= A\n:draft:\n", true),
        ("a.adoc", "= A\n:page-draft:\n", true),
        ("a.adoc", "= A\n:page-draft: false\n", false),
        ("a.adoc", "= A\n:draft!:\n", false),
        ("a.org", "#+TITLE: A\n#+HUGO_DRAFT: t\n", true),
        ("a.org", "#+TITLE: A\n#+HUGO_DRAFT: nil\n", false),
        ("a.org", "#+TITLE: A\n#+HUGO_CUSTOM_FRONT_MATTER: :draft t :venue Mill\n", true),
        ("a.org", "#+HUGO_SECTION: walks\n#+HUGO_DRAFT: false\n\n* TODO A\n", true),
        ("a.org", "* TODO A\n:PROPERTIES:\n:EXPORT_FILE_NAME: a\n:END:\n", true),
        ("a.org", "#+HUGO_SECTION: walks\n\n* DONE A\n", false),
        ("a.org", "* TODO A\n", false),
    ] {
        let hidden = entry(key, &format!("{header}\nCome.\n")).hidden;
        assert_eq!(hidden.as_deref(), draft.then_some("draft"), "{header}");
    }
}

#[test]
fn asciidoc_becomes_html() {
    check(
        "adoc",
        &[
            (
                "*a* _b_ `c` **d**e 2 * 3 * 4",
                "<p><strong>a</strong> <em>b</em> <code>c</code> <strong>d</strong>e 2 * 3 * 4</p>",
            ),
            (
                "https://a.example/x[here^], https://b.example.",
                "<p><a href=\"https://a.example/x\">here</a>, <a href=\"https://b.example\">https://b.example</a>.</p>",
            ),
            (
                "link:/a.html[a] mailto:a@b.example[us] <<x,there>>",
                "<p><a href=\"/a.html\">a</a> <a href=\"mailto:a@b.example\">us</a> there</p>",
            ),
            (":hall: Old mill\n\nIn the {hall}{unknown}, \\{kept}.", "<p>In the Old mill, {kept}.</p>"),
            ("== Two\n=== Three\n\nOld\n---", "<h2>Two</h2><h3>Three</h3><h2>Old</h2>"),
            ("* a\n** b\n* c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
            ("Where:: Mill\nWhen::\n  six", "<dl><dt>Where</dt><dd>Mill</dd><dt>When</dt><dd>six</dd></dl>"),
            (". a\n+\n--\nmore\n--\n. b", "<ol><li>a<div><p>more</p></div></li><li>b</li></ol>"),
            ("|===\n|a |b\n\n|1 |2\n|===", "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"),
            ("NOTE: Doors at six.", "<p><strong>Note:</strong> Doors at six.</p>"),
            ("[TIP]\n====\nCome early.\n====", "<div><p><strong>Tip:</strong></p><p>Come early.</p></div>"),
            ("----\na *b*\n----", "<pre><code>a *b*</code></pre>"),
            ("// note\n////\nhidden\n////\nifdef::x[]\nshown\nendif::[]", "<p>shown</p>"),
            ("image::a.png[The hall,300]", "<figure><img src=\"a.png\" alt=\"The hall\"></figure>"),
            ("a +\nb", "<p>a<br>b</p>"),
        ],
    );
}

#[test]
fn restructuredtext_becomes_html() {
    check(
        "rst",
        &[
            ("*a* **b** ``c`` 2 * 3 \\*d\\*", "<p><em>a</em> <strong>b</strong> <code>c</code> 2 * 3 *d*</p>"),
            (
                "`here <https://a.example>`_ Wiki_ `the plan`__\n\n.. _Wiki: https://w.example\n\n__ https://p.example",
                "<p><a href=\"https://a.example\">here</a> <a href=\"https://w.example\">Wiki</a> <a href=\"https://p.example\">the plan</a></p>",
            ),
            (
                ":ref:`there <x>` :kbd:`q` |cake|\n\n.. |cake| replace:: **cake**",
                "<p>there <code>q</code> <strong>cake</strong></p>",
            ),
            ("Two\n---\n\nThree\n~~~~~\n\nTwo\n---", "<h2>Two</h2><h3>Three</h3><h2>Two</h2>"),
            ("* a\n  b\n\n  - c\n\n* d", "<ul><li>a b<ul><li>c</li></ul></li><li>d</li></ul>"),
            ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
            (
                "Where\n  Mill\nWhen\n  six",
                "<dl><dt>Where</dt><dd><p>Mill</p></dd><dt>When</dt><dd><p>six</p></dd></dl>",
            ),
            (
                "+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n+---+---+",
                "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
            ),
            (
                "== ==\na  b\n== ==\n1  2\n== ==",
                "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
            ),
            (".. note:: Doors at six.", "<div><p><strong>Note:</strong></p><p>Doors at six.</p></div>"),
            (".. code-block:: sh\n   :linenos:\n\n   ls", "<pre><code>ls</code></pre>"),
            ("So::\n\n  ls\n\nEnd", "<p>So:</p><pre><code>ls</code></pre><p>End</p>"),
            (".. a comment\n   hidden\n\nshown", "<p>shown</p>"),
            (".. image:: a.png\n   :alt: The hall", "<figure><img src=\"a.png\" alt=\"The hall\"></figure>"),
            ("| a\n| b", "<p>a<br>b</p>"),
            (".. raw:: html\n\n   <hr>", "<hr>"),
        ],
    );
}

#[test]
fn org_becomes_html() {
    check(
        "org",
        &[
            ("*a* /b/ =c= ~d~ a/b/c", "<p><strong>a</strong> <em>b</em> <code>c</code> <code>d</code> a/b/c</p>"),
            (
                "[[https://a.example][here]] [[file:a.png]]",
                "<p><a href=\"https://a.example\">here</a> <img src=\"a.png\" alt=\"\"></p>",
            ),
            ("<2026-03-14 Sat 18:00-20:00 +1w>", "<p>Saturday, 14 March 2026, 18:00–20:00, every week</p>"),
            ("<2026-03-14 Sat>--<2026-03-15 Sun>", "<p>Saturday, 14 March 2026 – Sunday, 15 March 2026</p>"),
            ("* TODO [#A] Two :x:\n** Three", "<h2>Two</h2><h3>Three</h3>"),
            ("* COMMENT a\nhidden\n* b :noexport:\nhidden\n* c\nshown", "<h2>c</h2><p>shown</p>"),
            ("- a\n  b\n  - c\n- [X] d", "<ul><li>a b<ul><li>c</li></ul></li><li>d</li></ul>"),
            ("- Where :: Mill\n- When :: six", "<dl><dt>Where</dt><dd>Mill</dd><dt>When</dt><dd>six</dd></dl>"),
            (
                "| a | b |\n|---+---|\n| 1 | 2 |",
                "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
            ),
            ("#+begin_src sh\nls\n#+end_src", "<pre><code>ls</code></pre>"),
            ("# note\n:X:\nhidden\n:END:\nshown", "<p>shown</p>"),
            ("#+BEGIN_QUOTE\nGood.\n#+END_QUOTE", "<blockquote><p>Good.</p></blockquote>"),
        ],
    );
}

#[test]
fn unbalanced_input_is_read_in_linear_time() {
    let units = [
        "*a ",
        "_",
        "`",
        "[",
        "[[",
        "<<",
        "link:",
        "a:",
        "{a}",
        "{",
        "|",
        "|===\n",
        "====\n",
        "----\n",
        "* a\n",
        "- a\n",
        "** a\n",
        "a::\n",
        "+\n",
        "[a]\n",
        ".a\n",
        "`a <",
        "|a",
        ":a:`",
        "a_ ",
        "a__ ",
        ".. a::\n",
        ".. _a\n",
        "+--+\n",
        "== ==\n",
        " a\n",
        "a\n  b\n",
        "a\n=\n",
        "- \n  ",
        "#+begin_a\n",
        "#+begin_a\n#+end_b\n",
        ":a:\n",
        ":a:\n",
        "<2026-03-14",
        "[fn:",
        "| a\n",
        "a ::\n",
        "http://a",
        "\\",
        "////\n",
        "a\n b\n  c\n   d\n",
        "_`",
        "**",
        "``",
        "+",
        "a;; b\n",
        "a-",
        "a.a_.",
    ];
    for unit in units {
        for key in ["a.adoc", "a.rst", "a.org"] {
            let text = |repeats| format!("---\ntitle: A\n---\n{}", unit.repeat(repeats));
            assert_linear(&format!("{unit:?} in {key}"), 1_000, text, |text| drop(file(key, text)));
        }
    }
}

#[test]
fn wide_tables_and_long_arguments_are_read_in_linear_time() {
    let wide = |repeats: usize| format!("A\n===\n\n=={}\n{}", " =".repeat(repeats * 10), "a\n".repeat(repeats));
    let long = |repeats| format!("A\n===\n\n.. note:: a\n{}", format!("   {}\n", "b".repeat(80)).repeat(repeats));
    assert_linear("a wide table", 1_000, wide, |text| drop(file("a.rst", text)));
    assert_linear("a long argument", 4_000, long, |text| drop(file("a.rst", text)));
}

#[test]
fn references_of_references_stay_small() {
    let mut text = "= A\n:a0: xxxxxxxxxx\n".to_owned();
    for at in 1..60 {
        text.push_str(&format!(":a{at}: {}\n", format!("{{a{}}}", at - 1).repeat(10)));
    }
    text.push_str(&format!("\n{}", "{a59}".repeat(2000)));
    assert!(entry("a.adoc", &text).html.len() < 400_000);
}

fn odd_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "= ",
        "== ",
        "\n",
        "\n\n",
        "*",
        "**",
        "_",
        "`",
        "``",
        "[",
        "]",
        "[[",
        "]]",
        "<",
        ">",
        "<<",
        ">>",
        "{",
        "}",
        ":",
        "::",
        ".. ",
        "..",
        "|",
        "|===\n",
        "----\n",
        "====\n",
        "+---+\n",
        "  ",
        "    ",
        "\t",
        "- ",
        "1. ",
        "a",
        "é",
        "_ ",
        "__",
        "#+begin_src\n",
        "#+end_src\n",
        "#+title: ",
        ":end:\n",
        "\\",
        "https://a.example",
        "image::",
        "link:",
        "+\n",
        "+",
        "~",
        "^",
        "note::",
        "2026-03-14",
        "fn:",
        "@@",
        "{{{",
        "'",
        "\"",
        "== ==\n",
        "\r",
        "\0",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_panics(text in odd_text()) {
        for key in ["a.adoc", "a.rst", "a.org"] {
            file(key, &text);
        }
    }
}
