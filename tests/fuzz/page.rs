//! A web page of any bytes: see `formats.rs`.

#![no_main]

mod formats;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    formats::read_as(&["https://lake.example/walks/ as text/html", "page.html"], bytes);
});
