//! A calendar of any bytes: see `formats.rs`.

#![no_main]

mod formats;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    formats::read_as(&["all.ics", "https://lake.example/all.json as application/calendar+json", "https://lake.example/all.xml as application/calendar+xml", "https://lake.example/all as application/jscalendar+json"], bytes);
});
