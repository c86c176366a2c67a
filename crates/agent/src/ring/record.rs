//! One record of the ring's file: a head with a checksum over everything, then the body.

use ring::digest::{Context, SHA256};

pub(super) const HEAD_BYTES: usize = 28;

const MAGIC: [u8; 4] = *b"RPR1";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Batch,
    /// The batch of this number, and all before it.
    Acknowledged,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) kind: Kind,
    pub(super) number: u64,
    pub(super) length: u32,
    sum: [u8; 8],
}

impl Head {
    pub(super) fn of(kind: Kind, number: u64, length: u32, body: &[u8]) -> Self {
        Self { kind, number, length, sum: sum(kind, number, length, body) }
    }

    /// Magic, kind, number, length, sum: 4 + 4 + 8 + 4 + 8 bytes.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(code(self.kind).to_le_bytes());
        bytes.extend(self.number.to_le_bytes());
        bytes.extend(self.length.to_le_bytes());
        bytes.extend(self.sum);
        bytes
    }

    /// None where it is no head.
    pub(super) fn read(bytes: &[u8; HEAD_BYTES]) -> Option<Self> {
        let (magic, rest) = bytes.split_first_chunk::<4>()?;
        let (kind, rest) = rest.split_first_chunk::<4>()?;
        let (number, rest) = rest.split_first_chunk::<8>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (sum, _) = rest.split_first_chunk::<8>()?;
        let kind = [Kind::Batch, Kind::Acknowledged].into_iter().find(|one| code(*one).to_le_bytes() == *kind)?;
        let head = Self { kind, number: u64::from_le_bytes(*number), length: u32::from_le_bytes(*length), sum: *sum };
        (*magic == MAGIC).then_some(head)
    }

    pub(super) fn is_of(&self, body: &[u8]) -> bool {
        sum(self.kind, self.number, self.length, body) == self.sum
    }
}

fn code(kind: Kind) -> u32 {
    match kind {
        Kind::Batch => 1,
        Kind::Acknowledged => 2,
    }
}

/// The first bytes of a SHA-256.
fn sum(kind: Kind, number: u64, length: u32, body: &[u8]) -> [u8; 8] {
    let mut context = Context::new(&SHA256);
    context.update(&code(kind).to_le_bytes());
    context.update(&number.to_le_bytes());
    context.update(&length.to_le_bytes());
    context.update(body);
    context.finish().as_ref().first_chunk::<8>().copied().unwrap_or_default()
}
