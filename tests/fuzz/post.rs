//! A post or a list of events of any bytes: see `formats.rs`.

#![no_main]

mod formats;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    formats::read_as(&["posts/2025-03-01-walk.md", "a.mdx", "a.adoc", "a.rst", "a.org", "a.html", "lists/a.yml", "lists/a.toml", "lists/a.json", "lists/a.csv"], bytes);
});
