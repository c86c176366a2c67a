//! The header of a package: tags with type, offset and count, and the data that the offsets point into.

use super::super::{Kind, Package, Source};
use super::bytes::{be32, slice};

const ENTRY: usize = 16;
const MOST_ENTRIES: usize = 64 * 1024;

const NAME: usize = 1000;
const VERSION: usize = 1001;
const RELEASE: usize = 1002;
const EPOCH: usize = 1003;
const LICENCE: usize = 1014;
const ARCHITECTURE: usize = 1022;
const SOURCE: usize = 1044;

/// None for what is no software: keys that rpm keeps as packages.
pub(super) fn package(blob: &[u8]) -> Result<Option<Package>, &'static str> {
    let header = Header::of(blob).ok_or("a header that is cut off")?;
    let name = header.text(NAME).ok_or("a header without name")?;
    if name == "gpg-pubkey" {
        return Ok(None);
    }
    let version = header.text(VERSION).ok_or("a header without version")?;
    let release = header.text(RELEASE).map(|release| format!("-{release}")).unwrap_or_default();
    let epoch = header.number(EPOCH).filter(|epoch| *epoch > 0).map(|epoch| format!("{epoch}:")).unwrap_or_default();
    Ok(Some(Package {
        architecture: header.text(ARCHITECTURE),
        licence: header.text(LICENCE),
        source: header.text(SOURCE).as_deref().and_then(source),
        ..Package::new(Kind::Rpm, name, format!("{epoch}{version}{release}"), 0)
    }))
}

/// `glibc-2.34-83.el9.src.rpm` in name and version.
fn source(file: &str) -> Option<Source> {
    let stem = file.strip_suffix(".rpm")?;
    let (stem, _) = stem.rsplit_once('.')?;
    let (rest, release) = stem.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    Some(Source { name: name.to_owned(), version: Some(format!("{version}-{release}")) })
}

struct Header<'b> {
    index: &'b [u8],
    data: &'b [u8],
}

impl<'b> Header<'b> {
    fn of(blob: &'b [u8]) -> Option<Self> {
        let (entries, length) = (be32(blob, 0)?, be32(blob, 4)?);
        let size = entries.checked_mul(ENTRY).filter(|_| entries <= MOST_ENTRIES)?;
        Some(Self { index: slice(blob, 8, size)?, data: slice(blob, 8 + size, length)? })
    }

    fn data(&self, tag: usize, kinds: &[usize]) -> Option<&'b [u8]> {
        let entry = self.index.chunks_exact(ENTRY).find(|entry| be32(entry, 0) == Some(tag))?;
        kinds.contains(&be32(entry, 4)?).then(|| self.data.get(be32(entry, 8)?..))?
    }

    /// A text, or the first of several.
    fn text(&self, tag: usize) -> Option<String> {
        let data = self.data(tag, &[6, 8, 9])?;
        let text = data.split(|byte| *byte == 0).next()?;
        (!text.is_empty()).then(|| String::from_utf8_lossy(text).into_owned())
    }

    fn number(&self, tag: usize) -> Option<usize> {
        be32(self.data(tag, &[4])?, 0)
    }
}
