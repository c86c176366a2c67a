//! The signatures of the standard library, the extensions and the Kubernetes libraries.

use std::sync::LazyLock;

use super::signatures::{Table, declare};

/// All signatures, by name.
pub(super) static LIBRARY: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::new();
    for line in SIGNATURES.iter().flat_map(|part| part.lines()) {
        // Lines that cannot be read are found by a test.
        let _ = declare(&mut table, line);
    }
    for line in repeated() {
        let _ = declare(&mut table, &line);
    }
    table
});

/// Types whose values have an order.
const ORDERED: [&str; 8] = ["int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes"];

/// Signatures that many types have alike.
fn repeated() -> Vec<String> {
    let mut lines = Vec::new();
    let numbers = ["int", "uint", "double"];
    for operator in ["_<_", "_<=_", "_>_", "_>=_"] {
        lines.extend(ORDERED.iter().map(|of| format!("{operator}({of}, {of}) bool")));
        let pairs = numbers.iter().flat_map(|a| numbers.iter().map(move |b| (a, b))).filter(|(a, b)| a != b);
        lines.extend(pairs.map(|(a, b)| format!("{operator}({a}, {b}) bool")));
    }
    for of in ORDERED {
        lines.push(format!("list({of}) :: isSorted() bool"));
        lines.push(format!("list({of}) :: sort() list({of})"));
        lines.push(format!("list({of}) :: min() {of}"));
        lines.push(format!("list({of}) :: max() {of}"));
    }
    lines.extend(["int", "uint", "double", "duration"].map(|of| format!("list({of}) :: sum() {of}")));
    for field in ["FullYear", "Month", "Date", "DayOfMonth", "DayOfWeek", "DayOfYear"] {
        lines.push(format!("timestamp :: get{field}() int"));
        lines.push(format!("timestamp :: get{field}(string) int"));
    }
    for field in ["Hours", "Minutes", "Seconds", "Milliseconds"] {
        lines.push(format!("timestamp :: get{field}() int"));
        lines.push(format!("timestamp :: get{field}(string) int"));
        lines.push(format!("duration :: get{field}() int"));
    }
    for (name, _) in crate::named_format::NamedFormat::ALL {
        lines.push(format!("format.{name}() kubernetes.NamedFormat"));
    }
    for of in ["kubernetes.Quantity", "kubernetes.Semver"] {
        lines.push(format!("{of} :: compareTo({of}) int"));
        lines.push(format!("{of} :: isLessThan({of}) bool"));
        lines.push(format!("{of} :: isGreaterThan({of}) bool"));
    }
    lines
}

const SIGNATURES: [&str; 5] = [OPERATORS, STANDARD, EXTENSIONS, KUBERNETES, AUTHORIZER];

const OPERATORS: &str = "\
_?_:_(bool, A, A) A
!_(bool) bool
-_(int) int
-_(double) double
_==_(A, A) bool
_!=_(A, A) bool
@in(A, list(A)) bool
@in(A, map(A, B)) bool
_+_(bytes, bytes) bytes
_+_(double, double) double
_+_(duration, duration) duration
_+_(duration, timestamp) timestamp
_+_(timestamp, duration) timestamp
_+_(int, int) int
_+_(list(A), list(A)) list(A)
_+_(string, string) string
_+_(uint, uint) uint
_-_(double, double) double
_-_(duration, duration) duration
_-_(int, int) int
_-_(timestamp, duration) timestamp
_-_(timestamp, timestamp) duration
_-_(uint, uint) uint
_*_(double, double) double
_*_(int, int) int
_*_(uint, uint) uint
_/_(double, double) double
_/_(int, int) int
_/_(uint, uint) uint
_%_(int, int) int
_%_(uint, uint) uint
_[_](list(A), int) A
_[_](map(A, B), A) B
_[_](optional_type(list(V)), int) optional_type(V)
_[_](optional_type(map(K, V)), K) optional_type(V)
_[?_](list(V), int) optional_type(V)
_[?_](optional_type(list(V)), int) optional_type(V)
_[?_](map(K, V), K) optional_type(V)
_[?_](optional_type(map(K, V)), K) optional_type(V)";

const STANDARD: &str = "\
size(string) int
size(bytes) int
size(list(A)) int
size(map(A, B)) int
string :: size() int
bytes :: size() int
list(A) :: size() int
map(A, B) :: size() int
type(A) type(A)
dyn(A) dyn
bool(bool) bool
bool(string) bool
bytes(bytes) bytes
bytes(string) bytes
double(double) double
double(int) double
double(string) double
double(uint) double
duration(duration) duration
duration(int) duration
duration(string) duration
int(int) int
int(double) int
int(duration) int
int(string) int
int(timestamp) int
int(uint) int
string(string) string
string(bool) string
string(bytes) string
string(double) string
string(duration) string
string(int) string
string(timestamp) string
string(uint) string
timestamp(timestamp) timestamp
timestamp(int) timestamp
timestamp(string) timestamp
uint(uint) uint
uint(double) uint
uint(int) uint
uint(string) uint
matches(string, string) bool
string :: matches(string) bool
string :: contains(string) bool
string :: startsWith(string) bool
string :: endsWith(string) bool
optional.of(A) optional_type(A)
optional.none() optional_type(A)
optional.ofNonZeroValue(A) optional_type(A)
optional.unwrap(list(optional_type(A))) list(A)
list(optional_type(A)) :: unwrapOpt() list(A)
optional_type(A) :: hasValue() bool
optional_type(A) :: value() A
optional_type(A) :: or(optional_type(A)) optional_type(A)
optional_type(A) :: orValue(A) A
list(A) :: first() optional_type(A)
list(A) :: last() optional_type(A)";

const EXTENSIONS: &str = "\
string :: charAt(int) string
string :: indexOf(string) int
string :: indexOf(string, int) int
string :: lastIndexOf(string) int
string :: lastIndexOf(string, int) int
list(string) :: join() string
list(string) :: join(string) string
string :: lowerAscii() string
string :: upperAscii() string
string :: replace(string, string) string
string :: replace(string, string, int) string
string :: split(string) list(string)
string :: split(string, int) list(string)
string :: substring(int) string
string :: substring(int, int) string
string :: trim() string
string :: reverse() string
string :: format(list(dyn)) string
strings.quote(string) string
list(A) :: slice(int, int) list(A)
list(list(A)) :: flatten() list(A)
list(dyn) :: flatten(int) list(dyn)
list(A) :: distinct() list(A)
list(A) :: reverse() list(A)
lists.range(int) list(int)
sets.contains(list(A), list(A)) bool
sets.equivalent(list(A), list(A)) bool
sets.intersects(list(A), list(A)) bool
base64.encode(bytes) string
base64.decode(string) bytes
regex.replace(string, string, string) string
regex.replace(string, string, string, int) string
regex.extract(string, string) optional_type(string)
regex.extractAll(string, string) list(string)
math.ceil(double) double
math.floor(double) double
math.round(double) double
math.trunc(double) double
math.isNaN(double) bool
math.isInf(double) bool
math.isFinite(double) bool
math.abs(double) double
math.abs(int) int
math.abs(uint) uint
math.sign(double) double
math.sign(int) int
math.sign(uint) uint
math.sqrt(double) double
math.sqrt(int) double
math.sqrt(uint) double
math.bitAnd(int, int) int
math.bitAnd(uint, uint) uint
math.bitOr(int, int) int
math.bitOr(uint, uint) uint
math.bitXor(int, int) int
math.bitXor(uint, uint) uint
math.bitNot(int) int
math.bitNot(uint) uint
math.bitShiftLeft(int, int) int
math.bitShiftLeft(uint, int) uint
math.bitShiftRight(int, int) int
math.bitShiftRight(uint, int) uint";

const KUBERNETES: &str = "\
list(A) :: indexOf(A) int
list(A) :: lastIndexOf(A) int
list(A) :: includes(A) bool
A :: includes(A) bool
string :: find(string) string
string :: findAll(string) list(string)
string :: findAll(string, int) list(string)
url(string) kubernetes.URL
isURL(string) bool
kubernetes.URL :: getScheme() string
kubernetes.URL :: getHost() string
kubernetes.URL :: getHostname() string
kubernetes.URL :: getPort() string
kubernetes.URL :: getEscapedPath() string
kubernetes.URL :: getQuery() map(string, list(string))
quantity(string) kubernetes.Quantity
isQuantity(string) bool
sign(kubernetes.Quantity) int
kubernetes.Quantity :: sign() int
kubernetes.Quantity :: isInteger() bool
kubernetes.Quantity :: asInteger() int
kubernetes.Quantity :: asApproximateFloat() double
kubernetes.Quantity :: add(kubernetes.Quantity) kubernetes.Quantity
kubernetes.Quantity :: add(int) kubernetes.Quantity
kubernetes.Quantity :: sub(kubernetes.Quantity) kubernetes.Quantity
kubernetes.Quantity :: sub(int) kubernetes.Quantity
ip(string) net.IP
isIP(string) bool
ip.isCanonical(string) bool
string(net.IP) string
net.IP :: family() int
net.IP :: isUnspecified() bool
net.IP :: isLoopback() bool
net.IP :: isLinkLocalMulticast() bool
net.IP :: isLinkLocalUnicast() bool
net.IP :: isGlobalUnicast() bool
cidr(string) net.CIDR
isCIDR(string) bool
string(net.CIDR) string
net.CIDR :: containsIP(net.IP) bool
net.CIDR :: containsIP(string) bool
net.CIDR :: containsCIDR(net.CIDR) bool
net.CIDR :: containsCIDR(string) bool
net.CIDR :: ip() net.IP
net.CIDR :: masked() net.CIDR
net.CIDR :: prefixLength() int
semver(string) kubernetes.Semver
semver(string, bool) kubernetes.Semver
isSemver(string) bool
isSemver(string, bool) bool
kubernetes.Semver :: major() int
kubernetes.Semver :: minor() int
kubernetes.Semver :: patch() int
format.named(string) optional_type(kubernetes.NamedFormat)
kubernetes.NamedFormat :: validate(string) optional_type(list(string))";

const AUTHORIZER: &str = "\
kubernetes.authorization.Authorizer :: path(string) kubernetes.authorization.PathCheck
kubernetes.authorization.Authorizer :: group(string) kubernetes.authorization.GroupCheck
kubernetes.authorization.Authorizer :: serviceAccount(string, string) kubernetes.authorization.Authorizer
kubernetes.authorization.PathCheck :: check(string) kubernetes.authorization.Decision
kubernetes.authorization.GroupCheck :: resource(string) kubernetes.authorization.ResourceCheck
kubernetes.authorization.ResourceCheck :: subresource(string) kubernetes.authorization.ResourceCheck
kubernetes.authorization.ResourceCheck :: namespace(string) kubernetes.authorization.ResourceCheck
kubernetes.authorization.ResourceCheck :: name(string) kubernetes.authorization.ResourceCheck
kubernetes.authorization.ResourceCheck :: fieldSelector(string) kubernetes.authorization.ResourceCheck
kubernetes.authorization.ResourceCheck :: labelSelector(string) kubernetes.authorization.ResourceCheck
kubernetes.authorization.ResourceCheck :: check(string) kubernetes.authorization.Decision
kubernetes.authorization.Decision :: allowed() bool
kubernetes.authorization.Decision :: reason() string
kubernetes.authorization.Decision :: errored() bool
kubernetes.authorization.Decision :: error() string";

#[cfg(test)]
mod tests {
    use super::{SIGNATURES, repeated};
    use crate::check::signatures::{Table, declare};

    #[test]
    fn every_signature_can_be_read() {
        let mut table = Table::new();
        for line in SIGNATURES.iter().flat_map(|part| part.lines()).map(str::to_owned).chain(repeated()) {
            declare(&mut table, &line).unwrap();
        }
    }
}
