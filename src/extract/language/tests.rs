//! Every language file is whole, and agrees with a table of locales that nobody here wrote.

use super::*;

#[test]
fn every_file_is_read() {
    for (code, text) in FILES {
        let read = read(code, text);
        assert!(read.is_ok(), "{code}: {}", read.err().unwrap());
    }
}
