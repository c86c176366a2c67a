//! Opening files without surprises: regular files only, bounded, and text whatever its encoding mark says.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Opens a regular file. Pipes and devices are refused before they are opened, since opening one may wait forever.
///
/// # Errors
/// Why it cannot be read and what to do.
pub(crate) fn open(path: &Path) -> Result<(File, u64), String> {
    let explain = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::PermissionDenied => "cannot be read: permission denied; make it readable".to_owned(),
        std::io::ErrorKind::NotFound if std::fs::symlink_metadata(path).is_ok() => {
            "a symbolic link to nothing; mend or remove the link".to_owned()
        }
        std::io::ErrorKind::NotFound => "vanished while the folder was read; scan again".to_owned(),
        _ => format!("cannot be read: {error}; mend or remove it"),
    };
    let regular = |is_file: bool| match is_file {
        true => Ok(()),
        false => Err("not a regular file; feed a pipe or device to standard input (`-`)".to_owned()),
    };
    regular(std::fs::metadata(path).map_err(explain)?.is_file())?;
    let file = File::open(path).map_err(explain)?;
    let metadata = file.metadata().map_err(explain)?;
    regular(metadata.is_file())?;
    Ok((file, metadata.len()))
}

/// Reads text up to `limit` bytes.
///
/// # Errors
/// It is longer, cannot be read, or is no text.
pub(crate) fn read_text(input: impl Read, expected: u64, limit: u64) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(usize::try_from(expected.min(limit).min(64 << 20)).unwrap_or(0) + 1);
    input
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| format!("cannot be read: {error}; mend or remove it"))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(limit));
    }
    decode(bytes)
}

pub(crate) fn too_large(limit: u64) -> String {
    format!("larger than {limit} bytes; split it, or turn it into JSON, which is read as a stream")
}

/// Bytes as text: UTF-8, or UTF-16 with a byte order mark as some shells write it.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, String> {
    let utf16 = |pairs: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = pairs.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(unit);
        char::decode_utf16(units)
            .collect::<Result<String, _>>()
            .map_err(|_| "begins like UTF-16 and is not; save it as UTF-8".to_owned())
    };
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => return utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => return utf16(rest, u16::from_be_bytes),
        _ => {}
    }
    if memchr::memchr(0, bytes.get(..8192).unwrap_or(&bytes)).is_some() {
        return Err("a binary file; rename it or list it in `.rampartignore`".to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        format!("not UTF-8 text (line {line}); save it as UTF-8 or list it in `.rampartignore`")
    })
}

/// A path as it is shown: without a leading `./`, with forward slashes, and printable whatever its bytes.
pub(crate) fn name(path: &Path) -> String {
    let shown = path.strip_prefix(".").unwrap_or(path).to_string_lossy();
    if cfg!(windows) { shown.replace('\\', "/") } else { shown.into_owned() }
}

pub(crate) fn is_json(path: &Path) -> bool {
    extension(path).is_some_and(|extension| matches!(extension.as_str(), "json" | "ndjson" | "jsonl"))
}

pub(crate) fn is_manifest(path: &Path) -> bool {
    is_json(path) || extension(path).is_some_and(|extension| matches!(extension.as_str(), "yaml" | "yml"))
}

fn extension(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_decoded_and_bytes_are_refused() {
        assert_eq!(decode(b"a: \xC3\xA9".to_vec()), Ok("a: é".to_owned()));
        assert_eq!(decode(b"\xFF\xFEa\0:\0".to_vec()), Ok("a:".to_owned()));
        assert_eq!(decode(b"\xFE\xFF\0a\0:".to_vec()), Ok("a:".to_owned()));
        assert!(decode(b"\x7FELF\0\0".to_vec()).unwrap_err().contains("binary"));
        assert!(decode(b"a: 1\nb: \xE9\n".to_vec()).unwrap_err().contains("line 2"));
    }

    #[test]
    fn longer_text_than_allowed_is_refused_with_the_bound() {
        assert_eq!(read_text(&b"12345"[..], 5, 5), Ok("12345".to_owned()));
        assert!(read_text(&b"123456"[..], 6, 5).unwrap_err().contains("larger than 5 bytes"));
    }
}
