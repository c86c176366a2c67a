//! Image references and addresses.

use core::net::IpAddr;

use rampart_model::ImageReference;

use super::super::eval::Machine;
use super::super::functions::Args;
use super::super::value::{Outcome, Val};

/// With the default registry and tag filled in, but not the `library/` of official images, as Kyverno does it.
pub(super) fn image_normalize<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let text = args.text(0)?;
    machine.pay_text(text.len())?;
    let image = match ImageReference::parse(text) {
        Ok(image) => image,
        Err(cause) => return args.failed(format!("`{}` is no image reference: {cause}", &**text)),
    };
    let has_registry = text.split_once('/').is_some_and(|(first, _)| {
        first == "localhost" || first.contains(['.', ':']) || first.chars().any(char::is_uppercase)
    });
    let name = text.split('@').next().unwrap_or_default();
    let name = image.tag.and_then(|_| name.rsplit_once(':')).map_or(name, |(name, _)| name);
    let registry = if has_registry { "" } else { "docker.io/" };
    Ok(Val::text(match (image.digest, image.pulled_tag()) {
        (Some(digest), _) => format!("{registry}{name}@{digest}"),
        (None, tag) => format!("{registry}{name}:{}", tag.unwrap_or("latest")),
    }))
}

/// Only for addresses: a name would have to be resolved, which nothing here may do.
pub(super) fn is_external_url<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let text = args.text(0)?;
    machine.pay_text(text.len())?;
    let authority = text.split_once("//").map_or("", |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => Ok(Val::Bool(!(address.is_loopback() || address.is_private()))),
        Ok(IpAddr::V6(address)) => Ok(Val::Bool(!(address.is_loopback() || address.is_unique_local()))),
        Err(_) => args.failed(format!("the name `{host}` would have to be resolved, and nothing is looked up here")),
    }
}
