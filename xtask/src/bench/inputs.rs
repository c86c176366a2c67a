//! The inputs of the benchmarks on disk.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::objects;
use super::random::Random;

/// Part of the inputs' names: raise it when they change.
pub const VERSION: u32 = 2;

/// A folder for each namespace, a YAML file for each object.
pub fn folder(path: &Path, count: usize) -> io::Result<()> {
    let mut random = Random(1);
    for index in 0..count {
        let namespace = path.join(objects::namespace(index));
        fs::create_dir_all(&namespace)?;
        let mut text = String::new();
        objects::object(index, 3, &mut random).yaml(&mut text);
        fs::write(namespace.join(format!("{index:05}.yaml")), text)?;
    }
    Ok(())
}

/// One `List` as `kubectl get -o json` writes it, without line breaks in the items.
pub fn dump(path: &Path, count: usize) -> io::Result<()> {
    let mut random = Random(2);
    let mut file = BufWriter::new(fs::File::create(path)?);
    file.write_all(b"{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[\n")?;
    for index in 0..count {
        let mut text = String::new();
        objects::stored(index, &mut random).json(&mut text);
        text.push_str(if index + 1 < count { ",\n" } else { "\n" });
        file.write_all(text.as_bytes())?;
    }
    file.write_all(b"]}\n")?;
    file.flush()
}

/// Bytes of all files at or below `path`.
pub fn size(path: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(path) else { return fs::metadata(path).map_or(0, |metadata| metadata.len()) };
    entries.flatten().map(|entry| size(&entry.path())).sum()
}
