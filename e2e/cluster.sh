#!/usr/bin/env bash
# Runs a real Kubernetes API (etcd and kube-apiserver, no nodes, no controllers) in a folder, for the end-to-end
# tests. Everything listens on 127.0.0.1 at free ports, so that several clusters can run beside each other.
#
# Usage: e2e/cluster.sh start DIR [--real-admission]
#        e2e/cluster.sh load DIR PATH...
#        e2e/cluster.sh readonly DIR [--without RESOURCE] [--verbs VERB,VERB...]
#        e2e/cluster.sh stop DIR
#
# start     Makes keys and certificates in DIR/pki, starts both programs, waits until the server is ready and prints
#           the path of DIR/admin.kubeconfig (cluster administrator, certificates embedded). DIR is created; it must
#           not hold a cluster already. By default no admission plugin that would refuse or rewrite an object is on:
#           the cluster holds what the files say. --real-admission leaves Kubernetes' own choice of plugins on; only
#           ServiceAccount stays off, since nobody makes the `default` accounts that it asks for.
# load      Creates every object of the files and folders PATH (recursively), whatever their order: namespaces and
#           definitions may come after their users. Running it again is harmless. What the server would not take is
#           listed on stderr, and the exit code is then 3, with all other objects loaded.
# readonly  Makes a ServiceAccount that may read all kinds served right now (so: after `load`), and prints the path
#           of a kubeconfig with its token. --without leaves out one kind, by plural name (`secrets`) or with its
#           group (`networkpolicies.networking.k8s.io`), and writes DIR/readonly-without-RESOURCE.kubeconfig instead
#           of DIR/readonly.kubeconfig; several accounts live beside each other. --verbs, by default get,list,watch,
#           narrows what may be done. Its objects carry the label app.kubernetes.io/part-of=rampart-e2e, and the
#           account lives in the namespace rampart-e2e.
# stop      Ends the server, then etcd, by their recorded process ids. Nothing running is not an error. The folder
#           stays, with the logs.
#
# Files: DIR/apiserver.log, DIR/etcd.log, DIR/apiserver.pid, DIR/etcd.pid, DIR/pki/, DIR/etcd/, DIR/*.kubeconfig.
# Environment: RAMPART_E2E_DEADLINE, seconds until `start` gives up (60). The programs come from assets.sh, which
# may build them first; run it beforehand if a test must not wait for that.
# Exit codes: 0 done, 1 failed, 2 wrong usage, 3 loaded with refusals. Needs openssl.
set -euo pipefail
umask 077 # keys and tokens below

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
label=app.kubernetes.io/part-of

say() { printf 'cluster: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
usage() { sed -n '/^# Usage:/,/^set /{/^set /d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2; exit 2; }

# kc KUBECTL_ARGUMENT...: kubectl as administrator of the cluster in $dir, deaf to the user's own configuration.
kc() { kubectl_as "$dir/admin.kubeconfig" "$@"; }
kubectl_as() {
  local config=$1
  shift
  KUBERC=off "$assets/kubectl" --kubeconfig "$config" --cache-dir "$dir/kubectl-cache" "$@"
}

# ---- processes -----------------------------------------------------------------------------------------------

# alive NAME: whether the process recorded in DIR/NAME.pid still runs. Its command line must name $dir: a process
# id that was given to another program since, or a zombie that nobody collects (its command line is empty), is not
# ours to wait for or to end.
alive() {
  local pid
  [[ -f $dir/$1.pid ]] && pid=$(<"$dir/$1.pid") && [[ $pid =~ ^[0-9]+$ ]] || return 1
  grep -qzF -- "=$dir/" "/proc/$pid/cmdline" 2>/dev/null
}

# starting NAME: whether the process that this script has launched still runs. Its command line cannot tell: the kernel
# shows an empty one while a program is being replaced by another, which takes a while when that must come from disk.
starting() {
  local pid state
  pid=$(<"$dir/$1.pid")
  read -r state 2>/dev/null <"/proc/$pid/stat" || return 1
  state=${state##*) }
  [[ $state != [ZX]* ]]
}

# launch NAME COMMAND...: in the background, in a session of its own, so that an interrupt at the terminal does not
# end etcd under a server that still needs it; away from the caller's streams, so that reading them to their end works.
launch() {
  local name=$1
  shift
  setsid "$@" </dev/null >"$dir/$name.log" 2>&1 &
  echo $! >"$dir/$name.pid"
}

# end NAME SECONDS: asks politely, waits, then insists.
end() {
  local name=$1 until=$((SECONDS + $2)) pid
  if alive "$name"; then
    pid=$(<"$dir/$name.pid")
    kill -TERM "$pid" 2>/dev/null || true
    while alive "$name" && ((SECONDS < until)); do sleep 0.05; done
    if alive "$name"; then
      say "$name ($pid) did not end within $2 s: killing it"
      kill -KILL "$pid" 2>/dev/null || true
      while alive "$name"; do sleep 0.05; done
    fi
  fi
  rm -f "$dir/$name.pid"
}

# The server first: without etcd its graceful end hangs.
stop() {
  end apiserver 10
  end etcd 10
}

# ---- keys ----------------------------------------------------------------------------------------------------

# certificate NAME SUBJECT EXTENSIONS: DIR/pki/NAME.key and NAME.crt, signed by the CA of this cluster.
certificate() {
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$pki/$1.key" -subj "$2" |
    openssl x509 -req -days 7 -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -set_serial "0x$(openssl rand -hex 8)" \
      -out "$pki/$1.crt" -extfile <(printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n%s\n' "$3")
}

# A chain, since `set -e` is out of force where the outcome of a function is asked for.
make_pki() {
  mkdir -p "$pki" &&
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 7 -subj /CN=rampart-e2e-ca \
      -addext 'keyUsage=critical,keyCertSign,cRLSign' -keyout "$pki/ca.key" -out "$pki/ca.crt" &&
    certificate apiserver /CN=kube-apiserver "extendedKeyUsage=serverAuth
subjectAltName=IP:127.0.0.1,IP:10.96.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc" &&
    certificate admin /O=system:masters/CN=admin extendedKeyUsage=clientAuth &&
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$pki/sa.key" &&
    openssl pkey -in "$pki/sa.key" -pubout -out "$pki/sa.pub"
}

# kubeconfig FILE USER_YAML: everything embedded, so that the one file is enough to reach the cluster.
kubeconfig() {
  cat >"$1" <<YAML
apiVersion: v1
kind: Config
clusters:
- name: e2e
  cluster: {server: "$server", certificate-authority-data: $(base64 -w0 "$pki/ca.crt")}
users:
- name: e2e
  user: $2
contexts:
- name: e2e
  context: {cluster: e2e, user: e2e}
current-context: e2e
YAML
}

# ---- start ---------------------------------------------------------------------------------------------------

# Whether something listens at 127.0.0.1:$1.
listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Sets $port to one that nothing listens at. Below 32768, where the kernel takes ports for outgoing connections.
free_port() {
  local tries
  for tries in {1..100}; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    listening "$port" || return 0
  done
  die "no free port between 20000 and 32000 after $tries tries"
}

etcd_ready() {
  # Without curl, which a small machine lacks; etcd answers plain HTTP. The subshell closes the connection.
  (exec 3<>"/dev/tcp/127.0.0.1/$etcd_port" && printf 'GET /health HTTP/1.0\r\n\r\n' >&3 &&
    timeout 2 cat <&3 | grep -q '"health":"true"') 2>/dev/null
}

apiserver_ready() { kc get --raw /readyz --request-timeout 2s >/dev/null 2>"$dir/readyz.err"; }

# wait_for NAME CHECK: until the check holds; fails when the process ends or the deadline passes.
wait_for() {
  until "$2"; do
    starting "$1" || { say "$1 ended before it was ready"; return 1; }
    ((SECONDS < deadline)) || { say "$1 is not ready after ${RAMPART_E2E_DEADLINE:-60} s"; return 1; }
    sleep 0.1
  done
}

# The plugins that would keep objects from being stored as they were written. These refuse: pods for want of a quota's
# status (which a controller would fill in), for pod security, for an unknown class, or because a policy says so or a
# webhook that was loaded a moment ago does not answer.
storing_only=ResourceQuota,PodSecurity,Priority,RuntimeClass,ValidatingAdmissionPolicy,ValidatingAdmissionWebhook
# These write into them.
storing_only+=,MutatingAdmissionPolicy,MutatingAdmissionWebhook,LimitRanger,DefaultTolerationSeconds
storing_only+=,DefaultIngressClass,DefaultStorageClass

launch_etcd() {
  local client peer
  free_port; etcd_port=$port
  while free_port; [[ $port == "$etcd_port" ]]; do :; done
  client=http://127.0.0.1:$etcd_port peer=http://127.0.0.1:$port
  # No fsync: it changes what survives a power cut, not what is answered.
  launch etcd "$assets/etcd" --name=e2e "--data-dir=$dir/etcd" --unsafe-no-fsync --log-level=warn \
    "--listen-client-urls=$client" "--advertise-client-urls=$client" "--listen-peer-urls=$peer" \
    "--initial-advertise-peer-urls=$peer" "--initial-cluster=e2e=$peer"
  wait_for etcd etcd_ready
}

# The advertised address is one of those reserved for documentation: the server wants an address other than
# loopback, and without endpoint reconciliation nobody is ever sent there.
launch_apiserver() {
  free_port
  server=https://127.0.0.1:$port
  kubeconfig "$dir/admin.kubeconfig" \
    "{client-certificate-data: $(base64 -w0 "$pki/admin.crt"), client-key-data: $(base64 -w0 "$pki/admin.key")}"
  launch apiserver "$assets/kube-apiserver" "--etcd-servers=http://127.0.0.1:$etcd_port" \
    --bind-address=127.0.0.1 "--secure-port=$port" --advertise-address=192.0.2.1 --endpoint-reconciler-type=none \
    "--tls-cert-file=$pki/apiserver.crt" "--tls-private-key-file=$pki/apiserver.key" "--client-ca-file=$pki/ca.crt" \
    "--service-account-key-file=$pki/sa.pub" "--service-account-signing-key-file=$pki/sa.key" \
    --service-account-issuer=https://kubernetes.default.svc --api-audiences=https://kubernetes.default.svc \
    --service-cluster-ip-range=10.96.0.0/16 --authorization-mode=Node,RBAC --allow-privileged=true \
    --enable-admission-plugins=NodeRestriction "--disable-admission-plugins=$disabled"
  wait_for apiserver apiserver_ready
}

# attempt NAME LAUNCHER: a port can be taken between looking and listening; then, and only then, try others.
attempt() {
  local tries
  for tries in 1 2 3; do
    "$2" && return 0
    if ((tries == 3)) || ! grep -q 'address already in use' "$dir/$1.log"; then break; fi
    end "$1" 5
    [[ $1 != etcd ]] || rm -rf "$dir/etcd"
  done
  say "$1 does not start; the end of $dir/$1.log:"
  tail -n 40 "$dir/$1.log" >&2
  [[ ! -s $dir/readyz.err ]] || { say 'the last answer of /readyz:'; tail -n 20 "$dir/readyz.err" >&2; }
  return 1
}

start() {
  disabled=ServiceAccount,$storing_only
  case ${1:-} in
    '') ;;
    --real-admission) disabled=ServiceAccount ;;
    *) usage ;;
  esac
  command -v openssl >/dev/null || die "no \`openssl\` found: install it (Debian: apt-get install openssl)"
  [[ ! -e $dir/etcd && ! -e $dir/etcd.pid ]] || die "\`$dir\` holds a cluster already: stop it, and start in an empty folder"
  # From here on nothing may be left running when this script ends without success.
  trap 'stop' EXIT
  trap 'exit 1' INT TERM HUP
  make_pki 2>"$dir/openssl.log" || { cat "$dir/openssl.log" >&2; die 'openssl failed, see above'; }
  deadline=$((SECONDS + ${RAMPART_E2E_DEADLINE:-60}))
  attempt etcd launch_etcd
  attempt apiserver launch_apiserver
  trap - EXIT
  say "$server is ready"
  echo "$dir/admin.kubeconfig"
}

# ---- load ----------------------------------------------------------------------------------------------------

# Rounds of server-side apply: it can be repeated, changes what exists (the `default` namespace), and leaves no
# last-applied annotation, which a scan would see as part of the object. Each round lets in what waited for the
# round before it. Server-side apply is stricter than creation (duplicate list keys, unknown fields), so what it
# still refuses is created plainly.
load() {
  (($#)) || usage
  local path round refused last='' args=(-R)
  for path in "$@"; do
    [[ -e $path ]] || die "cannot load \`$path\`: no such file or folder"
    args+=(-f "$path")
  done
  for round in 1 2 3 4; do
    if kc apply --server-side --force-conflicts --validate=ignore "${args[@]}" >"$dir/load.out" 2>"$dir/load.err"; then
      say "$(wc -l <"$dir/load.out") objects loaded (rounds: $round)"
      return 0
    fi
    refused=$(<"$dir/load.err")
    [[ $refused != "$last" ]] || break
    last=$refused
  done
  if ! kc create --validate=ignore "${args[@]}" >>"$dir/load.out" 2>"$dir/load.err"; then
    sed -i -e '/(AlreadyExists)/d' -e '/^Warning:/d' "$dir/load.err"
  fi
  say "$(wc -l <"$dir/load.out") objects loaded"
  if [[ -s $dir/load.err ]]; then
    say 'the server refused:'
    cat "$dir/load.err" >&2
    return 3
  fi
}

# ---- readonly ------------------------------------------------------------------------------------------------

# Permissions only ever add up, so "everything but one kind" has to be the list of all others. Reads names as
# `deployments.apps` and writes one rule per group.
rules() {
  awk -v without="$1" -v verbs="$2" '
    { dot = index($0, "."); group = dot ? substr($0, dot + 1) : ""; kind = dot ? substr($0, 1, dot - 1) : $0 }
    kind == without || $0 == without { next }
    { comma = (group in kinds) ? ", " : "" }
    { kinds[group] = kinds[group] comma "\"" kind "\"" }
    END { for (g in kinds) printf "- {apiGroups: [\"%s\"], resources: [%s], verbs: [%s]}\n", g, kinds[g], verbs }'
}

readonly_account() {
  local without='' verbs=get,list,watch name=readonly kinds token file probe
  while (($#)); do
    case $1 in
      --without) [[ -n ${2:-} ]] || usage; without=$2; name=readonly-without-$2; shift 2 ;;
      --verbs) [[ -n ${2:-} ]] || usage; verbs=$2; shift 2 ;;
      *) usage ;;
    esac
  done
  alive apiserver || die "no cluster runs in \`$dir\`: start it first"
  kinds=$(kc api-resources --verbs=list -o name | sort -u)
  [[ -z $without ]] || grep -qE "^${without//./\\.}(\$|\\.)" <<<"$kinds" || die "the cluster serves no kind \`$without\`"
  kc apply --server-side --force-conflicts -f - >/dev/null <<YAML
apiVersion: v1
kind: Namespace
metadata: {name: rampart-e2e, labels: {$label: rampart-e2e}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: $name, namespace: rampart-e2e, labels: {$label: rampart-e2e}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: rampart-e2e-$name, labels: {$label: rampart-e2e}}
rules:
$(rules "$without" "$verbs" <<<"$kinds")
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: rampart-e2e-$name, labels: {$label: rampart-e2e}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: rampart-e2e-$name}
subjects: [{kind: ServiceAccount, name: $name, namespace: rampart-e2e}]
YAML
  token=$(kc create token "$name" -n rampart-e2e --duration=24h)
  server=$(kc config view -o 'jsonpath={.clusters[0].cluster.server}')
  file=$dir/$name.kubeconfig
  kubeconfig "$file" "{token: $token}"
  # The server learns of the binding a moment later.
  deadline=$((SECONDS + 10))
  probe=namespaces
  [[ $without != namespaces ]] || probe=nodes
  until kubectl_as "$file" auth can-i "${verbs%%,*}" "$probe" -q 2>/dev/null; do
    ((SECONDS < deadline)) || die "the server does not honour the binding of \`$name\` after 10 s"
    sleep 0.1
  done
  echo "$file"
}

# ---- the command line ----------------------------------------------------------------------------------------

(($# >= 2)) || usage
command=$1
[[ $2 != -* ]] || usage
case $command in start | load | readonly | stop) ;; *) usage ;; esac
if [[ $command == start ]]; then
  mkdir -p "$2"
elif [[ ! -d $2 ]]; then
  [[ $command != stop ]] || exit 0
  die "\`$2\` is no folder of a cluster: start one there first"
fi
dir=$(cd "$2" && pwd)
pki=$dir/pki
shift 2
if [[ $command != stop ]]; then
  assets=$("$here/assets.sh")
fi
case $command in
  start) start "$@" ;;
  load) load "$@" ;;
  readonly) readonly_account "$@" ;;
  stop) stop ;;
esac
