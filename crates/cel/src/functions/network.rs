//! The Kubernetes libraries for addresses and ranges.

use core::net::{IpAddr, Ipv6Addr};

use super::{Entry, no};
use crate::value::{Error, Outcome, Val};

pub(super) const GLOBALS: &[Entry] =
    &[("ip", ip), ("isIP", is_ip), ("ip.isCanonical", is_canonical), ("cidr", cidr), ("isCIDR", is_cidr)];

pub(super) const METHODS: &[Entry] = &[
    ("family", family),
    ("isUnspecified", |name, args| tested(name, args, |address| address.is_unspecified())),
    ("isLoopback", |name, args| tested(name, args, |address| address.is_loopback())),
    ("isLinkLocalMulticast", |name, args| tested(name, args, is_link_local_multicast)),
    ("isLinkLocalUnicast", |name, args| tested(name, args, is_link_local_unicast)),
    ("isGlobalUnicast", |name, args| tested(name, args, is_global_unicast)),
    ("containsIP", contains_ip),
    ("containsCIDR", contains_cidr),
    ("ip", address_of),
    ("masked", masked),
    ("prefixLength", prefix_length),
];

/// Zones and IPv4 addresses in dotted IPv6 form are refused, as the API server does.
fn parse_ip(text: &str) -> Result<IpAddr, Error> {
    let dotted_in_six = text.contains(':') && text.contains('.');
    match text.parse() {
        Ok(address) if !dotted_in_six => Ok(address),
        _ => Err(Error::Invalid(format!("`{text}` is no IP address"))),
    }
}

fn parse_cidr(text: &str) -> Result<(IpAddr, u8), Error> {
    let wrong = || Error::Invalid(format!("`{text}` is no CIDR range"));
    let (address, prefix) = text.split_once('/').ok_or_else(wrong)?;
    let address = parse_ip(address).map_err(|_| wrong())?;
    let plain = !prefix.is_empty()
        && prefix.bytes().all(|digit| digit.is_ascii_digit())
        && (prefix == "0" || !prefix.starts_with('0'));
    let prefix: u8 = prefix.parse().ok().filter(|_| plain).ok_or_else(wrong)?;
    if prefix > width(address) { Err(wrong()) } else { Ok((address, prefix)) }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn ip<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Str(text)] => parse_ip(text).map(Val::Ip),
        _ => no(name, args),
    }
}

fn is_ip<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Str(text)] => Ok(Val::Bool(parse_ip(text).is_ok())),
        _ => no(name, args),
    }
}

fn is_canonical<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Str(text)] => parse_ip(text).map(|address| Val::Bool(address.to_string() == **text)),
        _ => no(name, args),
    }
}

fn cidr<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Str(text)] => parse_cidr(text).map(|(address, prefix)| Val::Cidr { address, prefix }),
        _ => no(name, args),
    }
}

fn is_cidr<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Str(text)] => Ok(Val::Bool(parse_cidr(text).is_ok())),
        _ => no(name, args),
    }
}

fn tested<'a>(name: &str, args: &[Val<'a>], test: fn(IpAddr) -> bool) -> Outcome<'a> {
    match args {
        [Val::Ip(address)] => Ok(Val::Bool(test(*address))),
        _ => no(name, args),
    }
}

fn family<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Ip(address)] => Ok(Val::Int(if address.to_canonical().is_ipv4() { 4 } else { 6 })),
        _ => no(name, args),
    }
}

fn is_link_local_multicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => matches!(four.octets(), [224, 0, 0, _]),
        IpAddr::V6(six) => six.segments().first().is_some_and(|head| head & 0xFF0F == 0xFF02),
    }
}

fn is_link_local_unicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => four.is_link_local(),
        IpAddr::V6(six) => six.is_unicast_link_local(),
    }
}

/// As Go's net/netip has it: private addresses count as global.
fn is_global_unicast(address: IpAddr) -> bool {
    let broadcast = matches!(address, IpAddr::V4(four) if four.is_broadcast());
    !(broadcast
        || address.is_unspecified()
        || address.is_loopback()
        || address.is_multicast()
        || is_link_local_unicast(address))
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(four) => u128::from(u32::from(four)),
        IpAddr::V6(six) => u128::from(six),
    }
}

/// The first address of a range.
fn network(address: IpAddr, prefix: u8) -> IpAddr {
    let host = u32::from(width(address) - prefix.min(width(address)));
    let masked = number(address).checked_shr(host).unwrap_or(0).checked_shl(host).unwrap_or(0);
    match address {
        IpAddr::V4(_) => IpAddr::V4(u32::try_from(masked).unwrap_or(0).into()),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from(masked)),
    }
}

fn covers(outer: (IpAddr, u8), inner: (IpAddr, u8)) -> bool {
    outer.0.is_ipv4() == inner.0.is_ipv4()
        && outer.1 <= inner.1
        && network(inner.0, outer.1) == network(outer.0, outer.1)
}

fn contains_ip<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let (outer, inner) = match args {
        [Val::Cidr { address, prefix }, Val::Ip(inner)] => ((*address, *prefix), *inner),
        [Val::Cidr { address, prefix }, Val::Str(text)] => ((*address, *prefix), parse_ip(text)?),
        _ => return no(name, args),
    };
    Ok(Val::Bool(covers(outer, (inner, width(inner)))))
}

fn contains_cidr<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let (outer, inner) = match args {
        [Val::Cidr { address, prefix }, Val::Cidr { address: inner, prefix: length }] => {
            ((*address, *prefix), (*inner, *length))
        }
        [Val::Cidr { address, prefix }, Val::Str(text)] => ((*address, *prefix), parse_cidr(text)?),
        _ => return no(name, args),
    };
    Ok(Val::Bool(covers(outer, inner)))
}

fn address_of<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Cidr { address, .. }] => Ok(Val::Ip(*address)),
        _ => no(name, args),
    }
}

fn masked<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Cidr { address, prefix }] => Ok(Val::Cidr { address: network(*address, *prefix), prefix: *prefix }),
        _ => no(name, args),
    }
}

fn prefix_length<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Cidr { prefix, .. }] => Ok(Val::Int(i64::from(*prefix))),
        _ => no(name, args),
    }
}
