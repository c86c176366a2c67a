//! Digests of text, in hexadecimal. MD5 and SHA-1 are here for names that policies derive from them, not for security.

use std::fmt::Write as _;

use sha2::Digest as _;

use super::super::eval::Machine;
use super::super::functions::Args;
use super::super::value::{Outcome, Val};

fn hexadecimal<'a>(bytes: impl AsRef<[u8]>) -> Outcome<'a> {
    let mut text = String::new();
    for byte in bytes.as_ref() {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(Val::text(text))
}

pub(super) fn sha256<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    machine.pay(16 + args.text(0)?.len() as u64)?;
    hexadecimal(sha2::Sha256::digest(args.text(0)?.as_bytes()))
}

pub(super) fn sha1<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    machine.pay(16 + args.text(0)?.len() as u64)?;
    let digest = sha1_of(args.text(0)?.as_bytes());
    hexadecimal(digest.map(u32::to_be_bytes).concat())
}

pub(super) fn md5<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    machine.pay(16 + args.text(0)?.len() as u64)?;
    let digest = md5_of(args.text(0)?.as_bytes());
    hexadecimal(digest.map(u32::to_le_bytes).concat())
}

/// Blocks of 64 bytes: the text, a bit, zeros, and the length in bits.
fn padded(bytes: &[u8], length: [u8; 8]) -> Vec<u8> {
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    let whole = (padded.len() + length.len()).next_multiple_of(64);
    padded.resize(whole - length.len(), 0);
    padded.extend(length);
    padded
}

fn bits(bytes: &[u8]) -> u64 {
    (bytes.len() as u64).wrapping_mul(8)
}

fn words(block: &[u8], word: fn([u8; 4]) -> u32) -> Vec<u32> {
    let quads = block.chunks_exact(4).filter_map(|quad| <[u8; 4]>::try_from(quad).ok());
    quads.map(word).collect()
}

/// FIPS 180-4, section 6.1.
fn sha1_of(bytes: &[u8]) -> [u32; 5] {
    let mut state: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in padded(bytes, bits(bytes).to_be_bytes()).chunks_exact(64) {
        let mut schedule = words(block, u32::from_be_bytes);
        while schedule.len() < 80 {
            let back = |steps: usize| schedule.get(schedule.len() - steps).copied().unwrap_or(0);
            schedule.push((back(3) ^ back(8) ^ back(14) ^ back(16)).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (round, word) in schedule.into_iter().enumerate() {
            let (mixed, constant) = match round {
                0..20 => ((b & c) | (!b & d), 0x5a82_7999),
                20..40 => (b ^ c ^ d, 0x6ed9_eba1),
                40..60 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6_u32),
            };
            let sum = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e).wrapping_add(constant).wrapping_add(word);
            (a, b, c, d, e) = (sum, a, b.rotate_left(30), c, d);
        }
        for (state, value) in state.iter_mut().zip([a, b, c, d, e]) {
            *state = state.wrapping_add(value);
        }
    }
    state
}

/// RFC 1321, section 3.
fn md5_of(bytes: &[u8]) -> [u32; 4] {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut state: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in padded(bytes, bits(bytes).to_le_bytes()).chunks_exact(64) {
        let words = words(block, u32::from_le_bytes);
        let [mut a, mut b, mut c, mut d] = state;
        for round in 0..64usize {
            let (mixed, at) = match round / 16 {
                0 => ((b & c) | (!b & d), round),
                1 => ((d & b) | (!d & c), 5 * round + 1),
                2 => (b ^ c ^ d, 3 * round + 5),
                _ => (c ^ (b | !d), 7 * round),
            };
            let shift = SHIFTS.get(round / 16).and_then(|shifts| shifts.get(round % 4)).copied().unwrap_or(0);
            let word = words.get(at % 16).copied().unwrap_or(0);
            let sum = a.wrapping_add(mixed).wrapping_add(sine(round)).wrapping_add(word);
            (a, b, c, d) = (d, b.wrapping_add(sum.rotate_left(shift)), b, c);
        }
        for (state, value) in state.iter_mut().zip([a, b, c, d]) {
            *state = state.wrapping_add(value);
        }
    }
    state
}

/// The constant of a round: the first 32 bits of a sine's fraction.
fn sine(round: usize) -> u32 {
    let radians = u32::try_from(round + 1).map_or(0.0, f64::from);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 2^32")]
    let constant = (radians.sin().abs() * 4_294_967_296.0) as u32;
    constant
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(run: fn(&[u8]) -> Vec<u8>, text: &str) -> String {
        hexadecimal(run(text.as_bytes())).map(|value| value.to_json().as_str().unwrap().to_owned()).unwrap()
    }

    #[test]
    fn digests_are_those_of_the_standards() {
        let sha1 = |bytes: &[u8]| sha1_of(bytes).map(u32::to_be_bytes).concat();
        let md5 = |bytes: &[u8]| md5_of(bytes).map(u32::to_le_bytes).concat();
        assert_eq!(of(sha1, "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(of(sha1, ""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
        assert_eq!(of(md5, "abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(of(md5, ""), "d41d8cd98f00b204e9800998ecf8427e");
        let long = "12345678901234567890123456789012345678901234567890123456789012345678901234567890";
        assert_eq!(of(md5, long), "57edf4a22be3c955ac49da2e2107b67a");
        assert_eq!(of(sha1, long), "50abf5706a150990a08b2c5ea40fa0e585554732");
        for length in 50..70 {
            assert_eq!(padded(&vec![0; length], [0; 8]).len() % 64, 0);
        }
    }
}
