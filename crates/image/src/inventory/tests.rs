//! Each format by example, and on bytes that are none.

use proptest::prelude::*;

use super::{
    Distribution, Found, Kind, Package, apk, cargo, composer, dpkg, gem, go_mod, npm, os_release, python, rpm,
};

fn names((packages, doubts): &Found) -> (Vec<String>, Vec<String>) {
    let packages = packages.iter().map(|package| format!("{}@{}", package.name, package.version)).collect();
    (packages, doubts.iter().map(ToString::to_string).collect())
}

fn debian() -> Distribution {
    os_release::read(b"PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n").unwrap()
}

#[test]
fn dpkg_packages_have_sources_and_epochs() {
    let status = b"Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nSource: glibc (2.36-9)\nVersion: 2.36-9+b1\nDescription: C library\n long: text\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n\nPackage: perl\nversion: 1:5.36\n\nVersion: 1\n";
    let found = dpkg::read(status);
    assert_eq!(
        names(&found),
        (vec!["libc6@2.36-9+b1".into(), "perl@1:5.36".into()], vec!["line 16: a stanza without `Package`".into()])
    );
    let libc = &found.0[0];
    assert_eq!(
        libc.source.as_ref().map(|source| (source.name.as_str(), source.version.as_deref())),
        Some(("glibc", Some("2.36-9")))
    );
    assert_eq!(
        libc.purl(Some(&debian())).unwrap().to_string(),
        "pkg:deb/debian/libc6@2.36-9%2Bb1?arch=amd64&distro=debian-12"
    );
}

#[test]
fn apk_packages_own_files() {
    let found = apk::read(b"C:Q1abc=\nP:musl\nV:1.2.3-r4\nA:x86_64\nL:MIT\no:musl\nF:lib\nR:libc.so\na:0:0:755\n\nP:busybox\nV:1.36-r0\nbroken");
    assert_eq!(
        names(&found),
        (vec!["musl@1.2.3-r4".into(), "busybox@1.36-r0".into()], vec!["line 13: a line that is no field".into()])
    );
    assert_eq!(found.0[0].files, ["lib/libc.so"]);
    assert_eq!(found.0[0].line, 1);
}

#[test]
fn long_folders_do_not_multiply() {
    let text = format!("P:a\nV:1\nF:{}\n{}", "x".repeat(4_000), "R:y\n".repeat(30_000));
    let (packages, doubts) = apk::read(text.as_bytes());
    assert!(packages[0].files.iter().map(String::len).sum::<usize>() < 65 << 20);
    assert_eq!(doubts.len(), 1, "{doubts:?}");
}

#[test]
fn npm_locks_of_all_versions_are_read() {
    let first = npm::read_lock(br#"{"lockfileVersion":1,"dependencies":{"a":{"version":"1.0.0","dev":true,"dependencies":{"b":{"version":"npm:@s/c@2.0.0"}}},"d":{"version":"git+ssh://x#1"}}}"#);
    assert_eq!(
        names(&first),
        (vec!["a@1.0.0".into(), "@s/c@2.0.0".into()], vec!["`d` comes from an address, its version is unknown".into()])
    );
    assert!(first.0[0].is_development);
    assert_eq!(first.0[1].purl(None).unwrap().to_string(), "pkg:npm/%40s/c@2.0.0");
    let third = npm::read_lock(br#"{"lockfileVersion":3,"packages":{"":{"name":"app"},"node_modules/a":{"version":"1.0.0"},"node_modules/a/node_modules/@s/b":{"version":"2.0.0"},"node_modules/app2":{"link":true},"packages/app2":{"version":"1.0.0"}}}"#);
    assert_eq!(names(&third), (vec!["a@1.0.0".into(), "@s/b@2.0.0".into()], Vec::new()));
    assert_eq!(names(&npm::read_lock(b"{")).1, ["line 1: this is no JSON"]);
}

#[test]
fn an_installed_npm_package_names_itself() {
    let manifest = npm::read_manifest(br#"{"name":"lodash","version":"4.17.4","license":{"type":"MIT"}}"#);
    assert_eq!(names(&manifest).0, ["lodash@4.17.4"]);
    assert_eq!(manifest.0[0].licence.as_deref(), Some("MIT"));
    assert_eq!(npm::read_manifest(br#"{"type":"module"}"#), (Vec::new(), Vec::new()));
}

#[test]
fn cargo_locks_list_what_has_a_source() {
    let lock = b"version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"serde\"\nversion = \"1.0.200\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\ndependencies = [\n \"serde_derive\",\n]\n";
    assert_eq!(names(&cargo::read(lock)), (vec!["serde@1.0.200".into()], Vec::new()));
}

#[test]
fn go_modules_are_replaced() {
    let text = b"module example.com/app\n\ngo 1.22\n\nrequire (\n\tgithub.com/a/b v1.2.3\n\tgithub.com/c/d v0.1.0 // indirect\n)\nrequire \"github.com/e/f\" v2.0.0+incompatible\nreplace github.com/c/d => github.com/g/d v0.2.0\nreplace github.com/e/f v2.0.0+incompatible => ../f\nrequire x\n";
    let found = go_mod::read(text);
    assert_eq!(
        names(&found),
        (
            vec!["github.com/a/b@v1.2.3".into(), "github.com/g/d@v0.2.0".into()],
            vec![
                "line 12: a `require` of another form".into(),
                "line 9: a module that a local folder replaces: its version is unknown".into(),
            ]
        )
    );
    assert_eq!(found.0[0].purl(None).unwrap().to_string(), "pkg:golang/github.com/a/b@v1.2.3");
}

#[test]
fn python_metadata_is_read_up_to_the_description() {
    let found = python::read(b"Metadata-Version: 2.1\nName: Jinja2\nVersion: 2.10\nLicense: BSD\n\nName: other\n");
    assert_eq!(names(&found), (vec!["Jinja2@2.10".into()], Vec::new()));
    assert_eq!(found.0[0].purl(None).unwrap().to_string(), "pkg:pypi/jinja2@2.10");
}

#[test]
fn python_locks_are_read() {
    let uv = b"[[package]]\nname = \"app\"\nversion = \"0.1\"\nsource = { editable = \".\" }\n\n[[package]]\nname = \"idna\"\nversion = \"2.7\"\nsource = { registry = \"https://pypi.org/simple\" }\n[package.extras]\nname = \"no\"\n";
    assert_eq!(names(&python::read_tables(uv)), (vec!["idna@2.7".into()], Vec::new()));
    let pipfile = python::read_pipfile(br#"{"default":{"idna":{"version":"==2.7"}},"develop":{"x":{"git":"y"}}}"#);
    assert_eq!(names(&pipfile), (vec!["idna@2.7".into()], vec!["`x` has no exact version".into()]));
}

#[test]
fn composer_locks_are_read() {
    let found = composer::read(br#"{"packages":[{"name":"a/b","version":"v1.0.0","license":["MIT","GPL-2.0"]}],"packages-dev":[{"name":"c/d","version":"2"}]}"#);
    assert_eq!(names(&found), (vec!["a/b@v1.0.0".into(), "c/d@2".into()], Vec::new()));
    assert_eq!((found.0[0].licence.as_deref(), found.0[1].is_development), (Some("MIT OR GPL-2.0"), true));
    assert_eq!(found.0[0].purl(None).unwrap().to_string(), "pkg:composer/a/b@v1.0.0");
}

#[test]
fn gems_are_read_without_what_they_need() {
    let text = b"PATH\n  remote: .\n  specs:\n    own (0.1)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    nokogiri (1.13.0-x86_64-linux)\n      racc (~> 1.4)\n    racc (1.6.0)\n\nDEPENDENCIES\n  nokogiri\n";
    assert_eq!(names(&gem::read(text)), (vec!["nokogiri@1.13.0".into(), "racc@1.6.0".into()], Vec::new()));
}

#[test]
fn yarn_locks_of_both_kinds_are_read() {
    let first = b"# yarn lockfile v1\n\n\"@a/b@^1.0.0\", \"@a/b@^1.1.0\":\n  version \"1.2.3\"\n  dependencies:\n    version \"^9\"\n\nx@npm:lodash@^4:\n  version \"4.17.4\"\n";
    assert_eq!(names(&npm::read_yarn(first)), (vec!["@a/b@1.2.3".into(), "lodash@4.17.4".into()], Vec::new()));
    let later = b"__metadata:\n  version: 8\n\n\"app@workspace:.\":\n  version: 0.0.0\n\n\"minimist@npm:^0.0.8\":\n  version: 0.0.8\n";
    assert_eq!(names(&npm::read_yarn(later)), (vec!["minimist@0.0.8".into()], Vec::new()));
}

#[test]
fn a_name_that_would_move_the_cursor_is_a_doubt() {
    let found = dpkg::read(b"Package: a\x1b[2J\nVersion: 1\n");
    assert_eq!(
        names(&found),
        (Vec::new(), vec!["line 1: a package whose name has white space or control characters".into()])
    );
}

#[test]
fn a_distribution_has_a_release() {
    assert_eq!(debian().release().as_deref(), Some("debian-12"));
    assert_eq!(os_release::read(b"NAME=x\n"), None);
}

fn read_all(bytes: &[u8]) {
    let readers = [
        apk::read,
        cargo::read,
        composer::read,
        dpkg::read,
        gem::read,
        go_mod::read,
        npm::read_lock,
        npm::read_manifest,
        npm::read_yarn,
        python::read,
        python::read_pipfile,
        python::read_tables,
        rpm::read,
    ];
    for read in readers {
        for package in read(bytes).0 {
            let _ = package.purl(None);
        }
    }
    let _ = os_release::read(bytes);
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        read_all(&bytes);
    }

    #[test]
    fn bytes_that_look_right_are_read(text in "((Package|Version|Source|P|V|F|R|name|version|require|replace|\\[\\[package\\]\\])?[:= (\n\")>]{0,3}[a-z1.é]{0,3}\n{0,2}){0,20}") {
        read_all(text.as_bytes());
    }

    #[test]
    fn json_of_any_shape_is_read(key in "(packages|dependencies|name|version|node_modules/a)", inner in "(\\{\\}|\\[\\]|1|null|\"a\"|\\{\"node_modules/a\":1\\}|\\{\"a\":\\{\"version\":2\\}\\})") {
        read_all(format!("{{\"{key}\":{inner}}}").as_bytes());
    }
}

#[test]
fn an_epoch_of_rpm_is_a_qualifier() {
    let package = Package { architecture: Some("x86_64".into()), ..Package::new(Kind::Rpm, "curl", "1:7.0-1", 0) };
    let fedora = Distribution { id: "fedora".into(), version: Some("40".into()), codename: None, name: None };
    let purl = package.purl(Some(&fedora)).unwrap().to_string();
    assert_eq!(purl, "pkg:rpm/fedora/curl@7.0-1?arch=x86_64&distro=fedora-40&epoch=1");
}

#[test]
fn bytes_that_begin_as_a_database_of_rpm_are_read() {
    for head in [
        &b"SQLite format 3\0\x10\x00\x01\x01\x00"[..],
        b"RpmP\0\0\0\0\0\0\0\0\x01\0\0\0",
        b"\0\0\0\0\0\0\0\0\0\0\0\0\x61\x15\x06\0\0\0\0\0\0\x02\0\0",
    ] {
        for fill in [0_u8, 1, 5, 7, 13, 0xff] {
            let mut bytes = head.to_vec();
            bytes.resize(8 * 1024, fill);
            assert_eq!(rpm::read(&bytes).0, []);
        }
    }
}
