//! Scripts as benchmarks have them, over a small node.

use std::collections::BTreeMap;

use rampart_model::node::{Kind, Node, Process, Stat, Unread};

struct Small {
    files: BTreeMap<&'static str, (&'static str, u32)>,
    processes: Vec<Process>,
}

impl Node for Small {
    fn stat(&self, path: &str) -> Option<Stat> {
        let path = if path == "/" { path } else { path.trim_end_matches('/') };
        let below = format!("{}/", path.trim_end_matches('/'));
        let stat = |kind, mode| Stat { kind, mode, uid: 0, gid: 0, size: 1 };
        match self.files.get(path) {
            Some((_, mode)) => Some(stat(Kind::File, *mode)),
            None => self.files.keys().any(|file| file.starts_with(&below)).then(|| stat(Kind::Directory, 0o755)),
        }
    }

    fn read(&self, path: &str) -> Result<String, Unread> {
        self.files.get(path).map(|(text, _)| (*text).to_owned()).ok_or(Unread::Missing)
    }

    fn list(&self, path: &str) -> Option<Vec<String>> {
        let below = format!("{}/", path.trim_end_matches('/'));
        let mut names: Vec<String> = self
            .files
            .keys()
            .filter_map(|file| file.strip_prefix(&below)?.split('/').next().map(str::to_owned))
            .collect();
        names.dedup();
        (!names.is_empty()).then_some(names)
    }

    fn processes(&self) -> &[Process] {
        &self.processes
    }

    fn user_name(&self, uid: u32) -> Option<String> {
        (uid == 0).then(|| "root".to_owned())
    }

    fn group_name(&self, gid: u32) -> Option<String> {
        self.user_name(gid)
    }
}

fn node() -> Small {
    let process = |words: &[&str]| Process {
        name: words[0].rsplit('/').next().unwrap().to_owned(),
        arguments: words.iter().map(|word| (*word).to_owned()).collect(),
    };
    Small {
        files: BTreeMap::from([
            ("/etc/k/a.conf", ("a: 1\nb: 2\n", 0o600)),
            ("/etc/k/b.crt", ("x", 0o644)),
            ("/etc/k/sub/c.crt", ("x", 0o640)),
            ("/etc/enc.yaml", ("resources:\n- providers:\n  - aescbc:\n", 0o600)),
        ]),
        processes: vec![
            process(&["/usr/bin/etcd", "--data-dir=/etc/k", "--name=n"]),
            process(&["kube-apiserver", "--encryption-provider-config=/etc/enc.yaml", "--profiling=false"]),
        ],
    }
}

fn run(script: &str) -> (String, u8) {
    let output = super::run(script, &node()).unwrap_or_else(|unsupported| panic!("{script}: {unsupported}"));
    (output.text, output.code)
}

fn prints(script: &str, wanted: &str) {
    assert_eq!(run(script), (wanted.to_owned(), 0), "{script}");
}

#[test]
fn permissions_are_asked_of_files_that_are_there() {
    prints("/bin/sh -c 'if test -e /etc/k/a.conf; then stat -c permissions=%a /etc/k/a.conf; fi'", "permissions=600\n");
    prints("/bin/sh -c 'if test -e /nowhere; then stat -c permissions=%a /nowhere; fi'", "");
    prints(
        "/bin/sh -c \"if test -e /no; then stat -c %U:%G /no; else echo \\\"File not found\\\"; fi\"",
        "File not found\n",
    );
    prints(
        "for f in /etc/k/a.conf /etc/k/none; do if test -e $f; then stat -c \"ownership=%U:%G %n\" $f; fi; done",
        "ownership=root:root /etc/k/a.conf\n",
    );
}

#[test]
fn files_are_found_and_asked_one_after_the_other() {
    prints("find /etc/k/ -name '*.crt' | xargs stat -c permissions=%a", "permissions=644\npermissions=640\n");
    prints("find /etc/k -type f -name '*.crt' ! -name 'b*' -exec stat -c '%a %n' {} +", "640 /etc/k/sub/c.crt\n");
    prints("/bin/sh -c 'if test -d /etc/k; then cat /etc/k/*.conf; fi'", "a: 1\nb: 2\n");
    assert_eq!(run("find /none -name x | xargs stat -c %a").1, 123);
    prints("find /none 2> /dev/null | xargs --no-run-if-empty stat -c %a", "");
}

#[test]
fn processes_are_looked_through() {
    let (text, code) = run("/bin/ps -ef | grep kube-apiserver | grep -v grep");
    assert!(code == 0 && text.starts_with("root           4 ") && text.contains("--profiling=false"), "{text}");
    assert_eq!(run("/bin/ps -ef | grep scheduler | grep -v grep"), (String::new(), 1));
    assert_eq!(run("/bin/ps -fC kubelet").1, 1);
    // A name that was not found leaves `grep` without its pattern.
    assert_eq!(run("/bin/ps -ef | grep $apiserverbin | grep -v grep").1, 1);
}

#[test]
fn values_are_cut_out_of_command_lines() {
    prints(
        "DATA_DIR=''\nfor d in $(ps -ef | grep etcd | grep -- --data-dir | sed 's%.*data-dir[= ]\\([^ ]*\\).*%\\1%'); do\n  \
         if test -d \"$d\"; then DATA_DIR=\"$d\"; fi\ndone\nif ! test -d \"$DATA_DIR\"; then DATA_DIR=/none; fi\n\
         stat -c permissions=%a \"$DATA_DIR\"",
        "permissions=755\n",
    );
    prints(
        "C=$(ps -ef | grep kube-apiserver | grep -- --encryption-provider-config | sed \
         's%.*encryption-provider-config[= ]\\([^ ]*\\).*%\\1%')\n\
         if test -e $C; then grep -A1 'providers:' $C | tail -n1 | grep -o \"[A-Za-z]*\" | sed 's/^/provider=/'; fi",
        "provider=aescbc\n",
    );
    prints("ps -ef | grep etcd | awk -F '--data-dir=' '{print $2}' | awk '{print $1}' | uniq", "/etc/k\n");
}

#[test]
fn missing_programs_are_told_of_and_noted() {
    let output = super::run("echo \"can: $(kubectl auth can-i x)\"", &node()).unwrap();
    assert_eq!(output.text, "/bin/sh: 1: kubectl: not found\ncan: \n");
    assert_eq!((output.code, output.missing), (0, vec!["kubectl".to_owned()]));
    let output =
        super::run("n=$(kubectl get x 2>/dev/null | jq '.a' | wc -l)\nif [ \"$n\" -gt 0 ]; then echo a; fi", &node());
    assert_eq!(output.unwrap().text, "");
    let output = super::run("kubectl get x | while read -r a b\ndo\n  echo $a\ndone", &node()).unwrap();
    assert_eq!((output.text.as_str(), output.code), ("/bin/sh: 1: kubectl: not found\n", 0));
}

#[test]
fn lists_groups_and_loops_end_as_they_should() {
    prints("true && echo a || echo b", "a\n");
    prints("false && echo a || echo b", "b\n");
    prints("(echo a; echo b) | tail -n1", "b\n");
    prints("printf '%s-%s\\n' a b | while read -r x; do echo \"<$x>\"; done", "<a-b>\n");
    prints("x=1; y=$((x + 2)); echo ${y:-none} ${z:-none}", "3 none\n");
    prints("for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done", "1\n3\n");
    assert_eq!(run("echo a; exit 3; echo b"), ("a\n".to_owned(), 3));
    assert_eq!(run("if [ \"\" -gt 0 ]; then echo a; fi"), ("/bin/sh: 1: [: Illegal number: \n".to_owned(), 0));
    prints("# nothing\necho a # b", "a\n");
}

#[test]
fn what_is_not_interpreted_is_refused() {
    for script in
        ["echo a > /tmp/x", "cat <<E\na\nE", "f() { echo; }", "sleep 1 &", "case a in a) ;; esac", "echo '", "ps aux"]
    {
        assert!(super::run(script, &node()).is_err(), "{script}");
    }
    let deep = "(".repeat(100_000);
    assert!(super::run(&deep, &node()).is_err());
    assert!(super::run("while true; do echo a; done", &node()).is_err());
}
