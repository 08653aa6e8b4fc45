//! The content of an answer as it was before its server packed it (Content-Encoding, RFC 9110 §8.4).
//!
//! In: pieces as they were sent. Out: pieces as they were meant, each of at most [`STEP`] bytes, so that a small answer that unpacks to a large
//! one can be cut off anywhere. What does not begin as it claims but begins like a feed, calendar or page was never packed and is taken as it
//! is: some servers only say so. Of `deflate` both kinds are taken, with and without the wrapping that RFC 9110 §8.4.1.2 asks for. What follows
//! the end of packed content is ignored, as browsers do.

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc as Plainly};
use flate2::{Decompress, FlushDecompress, Status};

/// So much is unpacked at a time, in bytes.
pub(super) const STEP: usize = 64 * 1024;

/// Of so many members gzip may be made: each costs as much as a small answer.
pub(super) const MOST_MEMBERS: u32 = 10_000;

/// A way to pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    None,
    Gzip,
    Deflate,
    Brotli,
}

impl Packing {
    /// What we ask for.
    pub(super) const ACCEPT: &str = "gzip, br, deflate";

    /// Reads the field; an error is a packing that we can't undo. Some servers say the character set there.
    pub(super) fn named(field: &str) -> Option<Self> {
        match field.trim().to_ascii_lowercase().as_str() {
            "" | "identity" | "none" | "utf-8" | "utf8" | "iso-8859-1" | "8bit" | "binary" => Some(Self::None),
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            "br" => Some(Self::Brotli),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "identity",
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
        }
    }
}

/// Why content can't be unpacked.
#[derive(Debug, PartialEq)]
pub(super) enum Fault {
    Damaged,
    /// More than [`MOST_MEMBERS`].
    Members,
}
use Fault::Damaged;

/// Unpacks one answer.
pub(super) struct Unpacker {
    packing: Packing,
    /// Bytes that were not enough to tell how it is packed.
    first: Vec<u8>,
    way: Way,
    ended: bool,
    /// Members of gzip so far, the first included.
    members: u32,
    /// Bytes of [`GZIP`] that were seen after the end; more than it has once something else was.
    marks: usize,
    /// Where each step is unpacked to: [`STEP`] bytes.
    space: Box<[u8]>,
}

enum Way {
    /// Not known before the first bytes are here.
    Unsure,
    Plain,
    Inflate(Box<Decompress>),
    Brotli(Box<Brotli>),
}

struct Brotli {
    state: BrotliState<Plainly, Plainly, Plainly>,
    written: usize,
}

impl Unpacker {
    pub(super) fn new(packing: Packing) -> Self {
        let (way, size) = if packing == Packing::None { (Way::Plain, 0) } else { (Way::Unsure, STEP) };
        let space = vec![0; size].into_boxed_slice();
        Self { packing, first: Vec::new(), way, ended: false, members: 1, marks: 0, space }
    }

    /// Takes from `sent` what it can and adds at most [`STEP`] bytes to `meant`. Answers whether there is more to come of what was sent so far.
    pub(super) fn step(&mut self, sent: &mut &[u8], meant: &mut Vec<u8>) -> Result<bool, Fault> {
        if matches!(self.way, Way::Unsure) {
            self.first.extend_from_slice(sent);
            *sent = &[];
            let Some(way) = way(self.packing, &self.first) else { return Ok(false) };
            self.way = way;
        }
        if self.first.is_empty() {
            return self.advance(sent, meant);
        }
        let first = std::mem::take(&mut self.first);
        let mut rest = first.as_slice();
        let more = self.advance(&mut rest, meant)?;
        self.first = rest.to_vec();
        Ok(more || !self.first.is_empty())
    }

    fn advance(&mut self, sent: &mut &[u8], meant: &mut Vec<u8>) -> Result<bool, Fault> {
        if self.ended && !self.begin_member(sent)? {
            *sent = &[];
            return Ok(false);
        }
        let (read, more, ended) = match &mut self.way {
            Way::Unsure => return Ok(false),
            Way::Plain => {
                let read = sent.len().min(STEP);
                meant.extend_from_slice(sent.get(..read).unwrap_or_default());
                (read, read < sent.len(), false)
            }
            Way::Inflate(inflate) => inflated(inflate, sent, meant, &mut self.space)?,
            Way::Brotli(brotli) => brotli.step(sent, meant, &mut self.space)?,
        };
        *sent = sent.get(read..).unwrap_or_default();
        self.ended = ended;
        Ok(more || (ended && !sent.is_empty()))
    }

    /// Looks whether one more member follows the end (several are one, RFC 1952 §2.2), and begins it. Its mark may come in two pieces.
    fn begin_member(&mut self, sent: &mut &[u8]) -> Result<bool, Fault> {
        let Way::Inflate(inflate) = &mut self.way else { return Ok(false) };
        if self.packing != Packing::Gzip {
            return Ok(false);
        }
        while let Some(mark) = GZIP.get(self.marks) {
            let Some((byte, rest)) = sent.split_first() else { return Ok(false) };
            *sent = rest;
            self.marks = if byte == mark { self.marks + 1 } else { usize::MAX };
        }
        if self.marks != GZIP.len() {
            return Ok(false);
        }
        if self.members == MOST_MEMBERS {
            return Err(Fault::Members);
        }
        self.members += 1;
        (self.marks, self.ended) = (0, false);
        inflate.reset(true);
        // Nothing comes out of the mark.
        inflate.decompress(&GZIP, &mut self.space, FlushDecompress::None).map_err(|_| Damaged)?;
        Ok(true)
    }

    /// True where the content has come to its end, as far as packing tells.
    pub(super) fn is_whole(&self) -> bool {
        match self.way {
            Way::Plain => true,
            // Nothing at all is packed as nothing.
            Way::Unsure => self.first.is_empty(),
            Way::Inflate(_) | Way::Brotli(_) => self.ended,
        }
    }
}

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// How content is to be unpacked that claims to be packed so and begins like this; nothing where more is needed to tell.
fn way(packing: Packing, first: &[u8]) -> Option<Way> {
    let [a, b, ..] = *first else { return None };
    if looks_plain(first) {
        return Some(Way::Plain);
    }
    Some(match packing {
        Packing::None => Way::Plain,
        Packing::Gzip => Way::Inflate(Box::new(Decompress::new_gzip(15))),
        // The two bytes before wrapped content (RFC 1950 §2.2).
        Packing::Deflate => {
            let wrapped = a & 0x0f == 8 && u16::from_be_bytes([a, b]) % 31 == 0;
            Way::Inflate(Box::new(Decompress::new(wrapped)))
        }
        Packing::Brotli => Way::Brotli(Box::default()),
    })
}

/// True for what begins as a feed, calendar or page does; no packed content begins so but by a rare chance.
fn looks_plain(first: &[u8]) -> bool {
    const MARKS: [&[u8]; 7] = [b"<?xml", b"<!doc", b"<html", b"<rss", b"<feed", b"begin:vc", b"{\"vers"];
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).trim_ascii_start();
    let begins = |mark: &&[u8]| text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
    MARKS.iter().any(begins)
}

/// Answers how much was read, whether there is more to come, and whether the end is reached.
fn inflated(
    inflate: &mut Decompress,
    sent: &[u8],
    meant: &mut Vec<u8>,
    space: &mut [u8],
) -> Result<(usize, bool, bool), Fault> {
    let before = (inflate.total_in(), inflate.total_out());
    let status = inflate.decompress(sent, space, FlushDecompress::None);
    let since = |now: u64, before: u64| usize::try_from(now - before).unwrap_or(0);
    let (read, written) = (since(inflate.total_in(), before.0), since(inflate.total_out(), before.1));
    meant.extend_from_slice(space.get(..written).unwrap_or_default());
    match status {
        Ok(Status::StreamEnd) => Ok((read, false, true)),
        Ok(_) if read == 0 && written == 0 && !sent.is_empty() => Err(Damaged),
        Ok(_) => Ok((read, written == STEP || read < sent.len(), false)),
        Err(_) => Err(Damaged),
    }
}

impl Default for Brotli {
    fn default() -> Self {
        // Strict: no windows larger than RFC 7932 §9.1 knows, which would take a gigabyte.
        Self { state: BrotliState::new_strict(Plainly::default(), Plainly::default(), Plainly::default()), written: 0 }
    }
}

impl Brotli {
    fn step(&mut self, sent: &[u8], meant: &mut Vec<u8>, space: &mut [u8]) -> Result<(usize, bool, bool), Fault> {
        let (mut left, mut read, mut room, mut at) = (sent.len(), 0, space.len(), 0);
        let result = BrotliDecompressStream(
            &mut left,
            &mut read,
            sent,
            &mut room,
            &mut at,
            space,
            &mut self.written,
            &mut self.state,
        );
        meant.extend_from_slice(space.get(..at).unwrap_or_default());
        match result {
            BrotliResult::ResultSuccess => Ok((read, false, true)),
            BrotliResult::NeedsMoreInput => Ok((sent.len(), false, false)),
            BrotliResult::NeedsMoreOutput => Ok((read, true, false)),
            BrotliResult::ResultFailure => Err(Damaged),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use std::io::Write;

    fn unpacked(packing: Packing, sent: &[u8], piece: usize) -> Result<Vec<u8>, Fault> {
        let (mut unpacker, mut meant) = (Unpacker::new(packing), Vec::new());
        for mut piece in sent.chunks(piece) {
            while unpacker.step(&mut piece, &mut meant)? {}
        }
        if unpacker.is_whole() { Ok(meant) } else { Err(Damaged) }
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    }

    fn deflate(text: &[u8], wrapped: bool) -> Vec<u8> {
        if wrapped {
            let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
            packer.write_all(text).unwrap();
            return packer.finish().unwrap();
        }
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    }

    fn br(text: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        let settings = brotli::enc::BrotliEncoderParams { quality: 4, ..Default::default() };
        brotli::BrotliCompress(&mut &*text, &mut packed, &settings).unwrap();
        packed
    }

    fn text() -> Vec<u8> {
        (0..40_000).flat_map(|n: u32| format!("frog {}, ", n.wrapping_mul(2_654_435_761)).into_bytes()).collect()
    }

    #[test]
    fn every_packing_is_undone_however_small_the_pieces_are() {
        let text = text();
        for (packing, sent) in [
            (Packing::None, text.clone()),
            (Packing::Gzip, gzip(&text)),
            (Packing::Deflate, deflate(&text, true)),
            (Packing::Deflate, deflate(&text, false)),
            (Packing::Brotli, br(&text)),
        ] {
            for piece in [1, 7, 4096, usize::MAX] {
                assert!(unpacked(packing, &sent, piece).as_ref() == Ok(&text), "{packing:?} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn gzip_of_several_members_is_one_wherever_its_pieces_end() {
        let three = [gzip(b"one, "), gzip(b""), gzip(b"two")].concat();
        let trailed = |rest: &[u8]| [gzip(b"one"), rest.to_vec()].concat();
        for piece in [1, 3, 7, 4096] {
            assert_eq!(unpacked(Packing::Gzip, &three, piece).unwrap(), b"one, two", "pieces of {piece}");
            for rest in [b"\0\0rest".as_slice(), b"\x1f", b"\x1f\x1f\x8brest"] {
                assert_eq!(unpacked(Packing::Gzip, &trailed(rest), piece).unwrap(), b"one", "pieces of {piece}");
            }
            assert_eq!(
                unpacked(Packing::Gzip, &trailed(&gzip(b"two")[..12]), piece),
                Err(Damaged),
                "pieces of {piece}"
            );
        }
        let most = gzip(b"x").repeat(10_000);
        assert_eq!(unpacked(Packing::Gzip, &most, 4096).unwrap().len(), 10_000);
        assert_eq!(unpacked(Packing::Gzip, &[most, gzip(b"x")].concat(), 4096), Err(Fault::Members));
    }

    #[test]
    fn what_is_cut_short_damaged_or_packed_otherwise_is_told() {
        let text = text();
        let mut flipped = gzip(&text);
        let middle = flipped.len() / 2;
        flipped[middle] ^= 0x55;
        let cut = |sent: Vec<u8>| sent[..sent.len() - 9].to_vec();
        for (packing, sent) in [
            (Packing::Gzip, cut(gzip(&text))),
            (Packing::Gzip, flipped),
            (Packing::Gzip, br(&text)),
            (Packing::Gzip, b"neither packed nor plain".to_vec()),
            (Packing::Deflate, cut(deflate(&text, true))),
            (Packing::Deflate, gzip(&text)),
            (Packing::Brotli, cut(br(&text))),
            (Packing::Brotli, gzip(&text)),
        ] {
            assert_eq!(unpacked(packing, &sent, 1000), Err(Damaged), "{packing:?}");
        }
    }

    #[test]
    fn what_only_claims_to_be_packed_is_taken_as_it_is() {
        for plain in
            ["<?xml version='1.0'?><rss/>", "\u{feff}<!DOCTYPE html>", "BEGIN:VCALENDAR\r\n", "\n <rss version='2.0'>"]
        {
            for packing in [Packing::Gzip, Packing::Deflate, Packing::Brotli] {
                assert_eq!(unpacked(packing, plain.as_bytes(), 999).unwrap(), plain.as_bytes(), "{packing:?} {plain}");
            }
        }
        assert_eq!(unpacked(Packing::Gzip, b"", 1).unwrap(), b"");
    }

    #[test]
    fn each_step_adds_little_however_much_there_is() {
        let bomb = vec![0; 50 * 1024 * 1024];
        for (packing, sent) in
            [(Packing::Gzip, gzip(&bomb)), (Packing::Deflate, deflate(&bomb, false)), (Packing::Brotli, br(&bomb))]
        {
            let (mut unpacker, mut meant, mut sent) = (Unpacker::new(packing), Vec::new(), sent.as_slice());
            for _ in 0..20 {
                let before = meant.len();
                assert!(unpacker.step(&mut sent, &mut meant).unwrap());
                assert!(meant.len() - before <= STEP, "{packing:?}");
            }
        }
    }
}
