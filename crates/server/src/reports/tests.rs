//! Written reports and their files.

use super::written::newest;

#[test]
fn without_a_report_there_is_none_and_the_newest_is_the_last_day() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(newest(&folder.path().join("absent")).unwrap_err().status, 404);
    assert_eq!(newest(folder.path()).unwrap_err().status, 404);
    for name in ["2031-05-06.pdf", "2031-04-30.pdf", ".draft"] {
        std::fs::write(folder.path().join(name), name).unwrap();
    }
    assert_eq!(newest(folder.path()).unwrap(), ("2031-05-06.pdf".to_owned(), b"2031-05-06.pdf".to_vec()));
}
