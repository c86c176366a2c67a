#!/usr/bin/env bash
# Prints the folder that holds a real `kube-apiserver`, `etcd` and `kubectl` for the end-to-end tests, and
# makes it first where it has to be made.
#
# Usage: e2e/assets.sh
#
#   stdout   one line: the folder
#   stderr   what is being built, and why
#   exit     0 the folder is complete; 1 it could not be made (the reason is on stderr)
#
# Where the folder comes from, in this order:
#   1. $KUBEBUILDER_ASSETS, if it holds all three programs: used unchanged.
#   2. ${RAMPART_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/rampart}/kube-VERSION, VERSION being the release of
#      k8s.io/kubernetes that tools/go.mod names. Only programs that are missing there are made:
#        kube-apiserver, kubectl   built from the Go module tools/ (about six CPU minutes on the first run)
#        etcd                      a link to the machine's own (Debian: `apt-get install etcd-server`), else built
#                                  from the same Go module
#
# Needs Go 1.26 or newer as long as something has to be built, and flock(1) of util-linux. Nothing is written
# outside the cache folder and Go's own caches.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
programs=(kube-apiserver etcd kubectl)

say() { printf 'assets: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# complete FOLDER: whether all three programs are there and can be run.
complete() {
  local program
  for program in "${programs[@]}"; do
    [[ -f $1/$program && -x $1/$program ]] || return 1
  done
}

# The Go command: on PATH, or where the archive of go.dev is customarily unpacked.
find_go() {
  command -v go || { [[ -x /usr/local/go/bin/go ]] && echo /usr/local/go/bin/go; } ||
    die "no \`go\` found, and programs are missing: install Go 1.26 or newer, or set KUBEBUILDER_ASSETS to a folder with them"
}

# build PROGRAM PACKAGE [LDFLAG...]: compiles under another name and renames, so that a build that was cut short
# never looks like a finished one. `nice` and `-p 2` keep the machine usable; the rest makes the binary static
# and independent of the place it was built in. GOWORK and -mod keep go.mod and go.sum the only authority.
build() {
  local program=$1 package=$2 go part
  shift 2
  go=$(find_go)
  part=$cache/.$program.part.$$
  say "building $program from $package (the server takes minutes on the first run)"
  (cd "$here/tools" && GOWORK=off CGO_ENABLED=0 nice "$go" build -mod=readonly -buildvcs=false -p 2 -trimpath \
    -ldflags "-s -w $*" -o "$part" "$package") >&2 || { rm -f "$part"; die "building $program failed, see above"; }
  mv -f "$part" "$cache/$program"
}

if [[ -n ${KUBEBUILDER_ASSETS:-} ]]; then
  if complete "$KUBEBUILDER_ASSETS"; then
    printf '%s\n' "$KUBEBUILDER_ASSETS"
    exit 0
  fi
  say "KUBEBUILDER_ASSETS is \`$KUBEBUILDER_ASSETS\`, which lacks one of ${programs[*]}: it is not used"
fi

version=$(awk '{ sub(/^require /, "") } $1 == "k8s.io/kubernetes" { print $2; exit }' "$here/tools/go.mod")
[[ $version =~ ^v([0-9]+)\.([0-9]+)\.[0-9]+$ ]] || die "no release of k8s.io/kubernetes in $here/tools/go.mod"
major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}

[[ -n ${RAMPART_CACHE:-}${XDG_CACHE_HOME:-}${HOME:-} ]] || die 'set RAMPART_CACHE or HOME: there is no place for the cache'
cache=${RAMPART_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/rampart}/kube-$version
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)

if ! complete "$cache"; then
  # One builder at a time; whoever waited finds the work done.
  exec 9>"$cache/.lock"
  flock 9

  if [[ ! -x $cache/etcd ]]; then
    if etcd=$(command -v etcd); then
      ln -sfn "$etcd" "$cache/etcd"
    else
      build etcd go.etcd.io/etcd/server/v3
    fi
  fi

  # A server built without these calls itself v0.0.0-master, and clients that look at the version go astray.
  v=k8s.io/component-base/version
  stamp=(-X "$v.gitVersion=$version" -X "$v.gitMajor=$major" -X "$v.gitMinor=$minor")
  for program in kube-apiserver kubectl; do
    [[ -x $cache/$program ]] || build "$program" "k8s.io/kubernetes/cmd/$program" "${stamp[@]}"
  done
  complete "$cache" || die "\`$cache\` is still incomplete"
fi
printf '%s\n' "$cache"
