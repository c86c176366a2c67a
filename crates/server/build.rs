//! Takes the built web UI into the program, plain and compressed. Without it the program builds as well, and says at `/`
//! how to build the UI.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let dist = here.join("../../ui/dist");
    println!("cargo:rerun-if-changed=build.rs");
    let mut files = Vec::new();
    if dist.join("index.html").is_file() {
        // A folder that is not there counts as changed at every build; `cargo xtask` touches this file instead.
        println!("cargo:rerun-if-changed={}", dist.display());
        list(&dist, &mut files)?;
        files.sort();
    }
    let mut table = String::from("pub(super) const FILES: &[File] = &[\n");
    for (position, path) in files.iter().enumerate() {
        let content = fs::read(path)?;
        let packed = out.join(format!("ui-{position}.gz"));
        let mut encoder = flate2::GzBuilder::new().write(fs::File::create(&packed)?, flate2::Compression::best());
        encoder.write_all(&content)?;
        encoder.finish()?;
        let name = path.strip_prefix(&dist).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let digest = ring::digest::digest(&ring::digest::SHA256, &content);
        let tag: String = digest.as_ref().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        writeln!(
            table,
            "File {{ name: {name:?}, tag: {tag:?}, plain: include_bytes!({:?}), packed: include_bytes!({:?}) }},",
            path.display().to_string(),
            packed.display().to_string(),
        )
        .map_err(io::Error::other)?;
    }
    table.push_str("];\n");
    fs::write(out.join("ui_files.rs"), table)
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // Maps of the source are for whoever builds the UI.
        let is_map = path.extension().is_some_and(|extension| extension == "map");
        if path.is_dir() {
            list(&path, files)?;
        } else if !is_map {
            files.push(path);
        }
    }
    Ok(())
}
