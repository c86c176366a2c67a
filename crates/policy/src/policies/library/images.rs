//! `image(..)` and its parts, and what registries say of images.

use std::sync::Arc;

use rampart_cel::host::{Foreign, Purse};
use rampart_cel::value::{Opaque, Outcome};
use rampart_cel::{Form, Val};
use rampart_model::ImageReference;
use rampart_model::image::DOCKER_HUB;

use super::{Table, invalid, no};
use crate::expression::{Run, values};

pub(super) const TABLE: Table = &[
    ("image", Form::Global, Some(1), image),
    ("parseImageReference", Form::Global, Some(1), image),
    ("isImage", Form::Global, Some(1), is_image),
    ("containsDigest", Form::Method, Some(0), part),
    ("registry", Form::Method, Some(0), part),
    ("repository", Form::Method, Some(0), part),
    ("identifier", Form::Method, Some(0), part),
    ("identifierWithSeparator", Form::Method, Some(0), part),
    ("tag", Form::Method, Some(0), part),
    ("digest", Form::Method, Some(0), part),
    ("image.GetMetadata", Form::Global, Some(1), metadata),
    ("image.getMetadata", Form::Global, Some(1), metadata),
    ("verifyImageSignatures", Form::Global, None, signatures),
    ("verifyAttestationSignatures", Form::Global, None, signatures),
    ("getImageData", Form::Global, Some(1), metadata),
    ("extractPayload", Form::Global, None, signatures),
];

/// A reference to an image, with what a reference leaves out filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Image {
    registry: String,
    repository: String,
    tag: String,
    digest: String,
}

impl Foreign for Image {
    fn type_name(&self) -> &'static str {
        "kyverno.image"
    }

    fn same(&self, other: &dyn Foreign) -> bool {
        other.as_type::<Self>().is_some_and(|other| other == self)
    }
}

fn parse(text: &str) -> Result<Image, String> {
    let reference = ImageReference::parse(text).map_err(|error| format!("`{text}` is no image reference: {error}"))?;
    let repository = reference.path().collect::<Vec<_>>().join("/");
    // Where Docker Hub's images are really pulled from.
    let registry = if reference.registry == DOCKER_HUB { "index.docker.io" } else { reference.registry };
    let digest = reference.digest.unwrap_or_default().to_owned();
    // A reference with a digest has no tag to its parser.
    let tag = if digest.is_empty() { reference.tag.unwrap_or("latest").to_owned() } else { String::new() };
    Ok(Image { registry: registry.to_owned(), repository, tag, digest })
}

fn image<'d>(_: &Run<'_, 'd>, name: &str, args: &[Val<'d>], _: &mut Purse<'_>) -> Outcome<'d> {
    match args {
        [Val::Str(text)] => match parse(text) {
            Ok(image) => Ok(Val::opaque(Opaque::Host(Arc::new(image)))),
            Err(message) => invalid(message),
        },
        _ => no(name, args),
    }
}

fn is_image<'d>(_: &Run<'_, 'd>, name: &str, args: &[Val<'d>], _: &mut Purse<'_>) -> Outcome<'d> {
    match args {
        [Val::Str(text)] => Ok(Val::Bool(parse(text).is_ok())),
        _ => no(name, args),
    }
}

fn part<'d>(_: &Run<'_, 'd>, name: &str, args: &[Val<'d>], _: &mut Purse<'_>) -> Outcome<'d> {
    let [Val::Opaque(value)] = args else { return no(name, args) };
    let Opaque::Host(value) = &**value else { return no(name, args) };
    let Some(image) = value.as_type::<Image>() else { return no(name, args) };
    let identifier = if image.digest.is_empty() { &image.tag } else { &image.digest };
    let separator = if image.digest.is_empty() { ":" } else { "@" };
    Ok(match name {
        "containsDigest" => Val::Bool(!image.digest.is_empty()),
        "registry" => Val::text(image.registry.as_str()),
        "repository" => Val::text(image.repository.as_str()),
        "identifier" => Val::text(identifier.as_str()),
        "identifierWithSeparator" => Val::text(format!("{separator}{identifier}")),
        "tag" => Val::text(image.tag.as_str()),
        _ => Val::text(image.digest.as_str()),
    })
}

fn metadata<'d>(run: &Run<'_, 'd>, name: &str, args: &[Val<'d>], purse: &mut Purse<'_>) -> Outcome<'d> {
    match args {
        [Val::Str(image)] => match run.world.images.get(&**image) {
            Some(tree) => {
                purse.make(1_000)?;
                Ok(values::of_tree(tree))
            }
            None => invalid(format!("what the registry says of `{}` is not known; give it beforehand", &**image)),
        },
        _ => no(name, args),
    }
}

fn signatures<'d>(_: &Run<'_, 'd>, name: &str, _: &[Val<'d>], _: &mut Purse<'_>) -> Outcome<'d> {
    invalid(format!("`{name}` cannot be answered: signatures of images are not checked here"))
}
