//! Backups, restores and the trail from the command line.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rampart_store::{Actor, Store, setting};

use crate::run::{folder, rampart};

/// A data folder of a plane that has done something.
fn plane(folder: &Path) -> Store {
    std::fs::create_dir_all(folder.join("data")).expect("the folder is made");
    let store = Store::open(&format!("sqlite:{}", folder.join("data/rampart.db").display())).expect("a store");
    for number in 0..5 {
        let set =
            |tx: &mut rampart_store::Tx<'_>| setting::set(tx, &Actor::PLANE, "number", &number, jiff::Timestamp::now());
        store.write(set).expect("a setting");
    }
    store
}

#[test]
fn a_backup_is_restored_and_its_trail_is_intact() {
    let folder = folder(&[]);
    plane(folder.path());
    let taken = rampart(folder.path(), &["backup", "--data", "data", "-o", "plane.backup"]);
    assert_eq!(taken.code, 0, "{}", taken.stderr);
    assert!(taken.stderr.lines().last().unwrap().starts_with("exit 0: "), "{}", taken.stderr);
    let rights = std::fs::metadata(folder.path().join("plane.backup")).unwrap().permissions().mode();
    assert_eq!(rights & 0o777, 0o600);
    let restored = rampart(folder.path(), &["restore", "plane.backup", "--database", "sqlite:copy.db"]);
    assert_eq!(restored.code, 0, "{}", restored.stderr);
    let copy = Store::open(&format!("sqlite:{}", folder.path().join("copy.db").display())).unwrap();
    assert_eq!(copy.read(|tx| setting::get::<u32>(tx, "number")).unwrap(), Some(4));
    let verified = rampart(folder.path(), &["trail", "verify", "--database", "copy.db"]);
    let told = verified.stderr.trim().strip_prefix("exit 0: the audit trail is intact up to its last entry 5:");
    let hash = told.unwrap_or_default();
    assert_eq!((verified.code, hash.len()), (0, 64), "{}", verified.stderr);
    let anchor =
        |anchor: &str| rampart(folder.path(), &["trail", "verify", "--database", "copy.db", "--anchor", anchor]);
    assert_eq!(anchor(&format!("5:{hash}")).code, 0);
    let replaced = anchor(&format!("4:{hash}"));
    assert_eq!(replaced.code, 1);
    assert!(replaced.stderr.contains("entry 4 is not the one that was noted"), "{}", replaced.stderr);
    assert_eq!((anchor("6:00").code, anchor("x").code), (1, 2));
    let again = rampart(folder.path(), &["restore", "plane.backup", "--database", "sqlite:copy.db"]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("is not empty"), "{}", again.stderr);
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().contains(".part")), "{names:?}");
}

#[test]
fn a_broken_trail_is_exit_1_and_names_the_entry() {
    let folder = folder(&[]);
    let store = plane(folder.path());
    let change = |tx: &mut rampart_store::Tx<'_>| {
        tx.execute("DROP TRIGGER audit_stays", &[])?;
        tx.execute("UPDATE audit SET actor = 'somebody else' WHERE seq = 3", &[])
    };
    store.write(change).unwrap();
    let verified = rampart(folder.path(), &["trail", "verify", "--data", "data"]);
    assert_eq!(verified.code, 1);
    assert_eq!(verified.stderr.trim(), "exit 1: the audit trail is broken at entry 3: its content was changed");
}

#[test]
fn what_is_not_there_is_refused_and_not_made() {
    let folder = folder(&[("text", "no backup")]);
    for arguments in [
        &["backup", "-o", "x", "--database", "sqlite:nothing.db"][..],
        &["backup", "-o", "x"],
        &["trail", "verify", "--data", "nowhere"],
        &["restore", "nothing", "--database", "sqlite:new.db"],
    ] {
        let run = rampart(folder.path(), arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}: {}", run.stderr);
    }
    let run = rampart(folder.path(), &["restore", "text", "--database", "sqlite:new.db"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("no backup"), "{}", run.stderr);
    assert!(!folder.path().join("nothing.db").exists() && !folder.path().join("new.db").exists());
}
