//! Real databases of rpm, one of each kind.

use rampart_image::inventory::{Distribution, rpm};

use crate::corpus;

#[test]
fn every_package_of_a_real_database_is_read() {
    let Some(files) = corpus::files("rpmdb.tar.zst") else { return };
    let distribution = Distribution { id: "x".into(), version: None, codename: None, name: None };
    let mut seen = 0;
    for (path, bytes) in &files {
        let expected = match path.rsplit('/').next() {
            Some("rpmdb.sqlite") => (129, "glibc", "2.34-2.cm2"),
            Some("Packages.db") => (35, "glibc", "2.31-9.3.2"),
            Some("Packages") => (1, "libuuid", "2.32.1-42.el8_8"),
            _ => continue,
        };
        seen += 1;
        let (packages, doubts) = rpm::read(bytes);
        assert_eq!((packages.len(), doubts.as_slice()), (expected.0, [].as_slice()), "{path}");
        let found = packages.iter().find(|package| package.name == expected.1).expect("a package that is there");
        assert_eq!(found.version, expected.2, "{path}");
        assert!(packages.iter().all(|package| package.purl(Some(&distribution)).is_ok()), "{path}");
        // A database that is cut off anywhere gives what it can, and a doubt.
        for tenth in 1..10 {
            let (_, doubts) = rpm::read(bytes.get(..bytes.len() * tenth / 10).unwrap_or_default());
            assert!(!doubts.is_empty(), "{path} {tenth}");
        }
    }
    assert_eq!(seen, 3);
}

#[test]
fn a_database_with_any_byte_changed_is_read() {
    let Some(files) = corpus::files("rpmdb.tar.zst") else { return };
    for (_, bytes) in files.iter().filter(|(path, bytes)| bytes.len() < 200_000 && !path.ends_with("LICENSE")) {
        let mut bytes = bytes.clone();
        for at in (0..bytes.len()).step_by(97) {
            let before = std::mem::replace(&mut bytes[at], 0xff);
            let _ = rpm::read(&bytes);
            bytes[at] = before;
        }
    }
}
