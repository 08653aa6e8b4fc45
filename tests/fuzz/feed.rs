//! A feed of any bytes: see `formats.rs`.

#![no_main]

mod formats;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    formats::read_as(&["https://lake.example/feed.xml as text/xml; charset=utf-8", "feed.rss", "feed.atom", "https://lake.example/feed.json as application/feed+json"], bytes);
});
