//! `authorizer`: questions about rights, answered from the RBAC facts of the world, else not at all.

use std::sync::Arc;

use rampart_cel::host::Foreign;
use rampart_cel::value::{Opaque, Outcome, overload};
use rampart_cel::{Error, Form, HostFunction, Val};

use super::Run;
use crate::User;

/// A right that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access {
    pub group: String,
    pub resource: String,
    pub subresource: String,
    pub namespace: String,
    pub name: String,
    pub verb: String,
    /// The path, where no resource is asked for.
    pub path: String,
    /// Another user than the one who asks, `namespace:name`.
    pub service_account: Option<(String, String)>,
}

/// A question on its way, or its answer.
#[derive(Debug, Clone, PartialEq)]
struct Question {
    stage: Stage,
    access: Access,
    answer: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Authorizer,
    Group,
    Resource,
    Path,
    Decision,
}

impl Foreign for Question {
    fn type_name(&self) -> &'static str {
        match self.stage {
            Stage::Authorizer => "kubernetes.authorization.Authorizer",
            Stage::Group => "kubernetes.authorization.GroupCheck",
            Stage::Resource => "kubernetes.authorization.ResourceCheck",
            Stage::Path => "kubernetes.authorization.PathCheck",
            Stage::Decision => "kubernetes.authorization.Decision",
        }
    }

    fn same(&self, other: &dyn Foreign) -> bool {
        other.as_type::<Self>().is_some_and(|other| other == self)
    }
}

/// The ids that this library uses; others leave them free.
const FIRST: u32 = 1_000;

/// The functions of this library.
pub const FUNCTIONS: [HostFunction; 14] = [
    method("group", 1, 0),
    method("path", 1, 1),
    method("serviceAccount", 2, 2),
    method("resource", 1, 3),
    method("subresource", 1, 4),
    method("namespace", 1, 5),
    method("name", 1, 6),
    method("check", 1, 7),
    method("allowed", 0, 8),
    method("reason", 0, 9),
    method("errored", 0, 10),
    method("error", 0, 11),
    method("fieldSelector", 1, 12),
    method("labelSelector", 1, 13),
];

const fn method(name: &'static str, arguments: usize, id: u32) -> HostFunction {
    HostFunction { name, form: Form::Method, arguments: Some(arguments), id: FIRST + id }
}

fn wrap<'d>(question: Question) -> Val<'d> {
    Val::opaque(Opaque::Host(Arc::new(question)))
}

impl<'d> Run<'_, 'd> {
    /// The value of the variable `authorizer`.
    pub fn authorizer() -> Val<'d> {
        wrap(Question { stage: Stage::Authorizer, access: Access::default(), answer: None })
    }

    /// The value of `authorizer.requestResource`: the resource of the request itself.
    pub fn requested(&self) -> Val<'d> {
        let access = Access {
            group: self.review.subject().map_or_else(String::new, |object| object.group().to_owned()),
            resource: self.review.plural(),
            subresource: self.review.subresource.clone(),
            namespace: self.review.namespace().to_owned(),
            name: self.review.name().to_owned(),
            ..Access::default()
        };
        wrap(Question { stage: Stage::Resource, access, answer: None })
    }

    /// Calls a function of the authorizer.
    ///
    /// # Errors
    /// The arguments are others, or nobody knows the answer.
    pub fn authorize(&self, function: &HostFunction, args: &[Val<'d>]) -> Outcome<'d> {
        let no = || overload(function.name, args);
        let Some((Val::Opaque(target), rest)) = args.split_first() else { return Err(no()) };
        let Opaque::Host(target) = &**target else { return Err(no()) };
        let question = target.as_type::<Question>().ok_or_else(no)?;
        let words: Option<Vec<&str>> =
            rest.iter().map(|arg| if let Val::Str(text) = arg { Some(&**text) } else { None }).collect();
        let words = words.ok_or_else(no)?;
        let mut next = question.clone();
        match (question.stage, function.name, words.as_slice()) {
            (Stage::Authorizer, "serviceAccount", [namespace, name]) => {
                next.access.service_account = Some(((*namespace).to_owned(), (*name).to_owned()));
            }
            (Stage::Authorizer, "group", [group]) => {
                (next.stage, next.access.group) = (Stage::Group, (*group).to_owned());
            }
            (Stage::Authorizer, "path", [path]) => {
                (next.stage, next.access.path) = (Stage::Path, (*path).to_owned());
            }
            (Stage::Group, "resource", [resource]) => {
                (next.stage, next.access.resource) = (Stage::Resource, (*resource).to_owned());
            }
            (Stage::Resource, "subresource", [part]) => next.access.subresource = (*part).to_owned(),
            (Stage::Resource, "namespace", [namespace]) => next.access.namespace = (*namespace).to_owned(),
            (Stage::Resource, "name", [name]) => next.access.name = (*name).to_owned(),
            // Selectors only narrow what RBAC does not look at.
            (Stage::Resource, "fieldSelector" | "labelSelector", [_]) => {}
            (Stage::Resource | Stage::Path, "check", [verb]) => {
                next.stage = Stage::Decision;
                next.access.verb = (*verb).to_owned();
                next.answer = Some(self.decide(&next.access)?);
            }
            (Stage::Decision, "allowed", []) => return Ok(Val::Bool(question.answer == Some(true))),
            (Stage::Decision, "errored", []) => return Ok(Val::Bool(false)),
            (Stage::Decision, "reason" | "error", []) => return Ok(Val::text("")),
            _ => return Err(no()),
        }
        Ok(wrap(next))
    }

    fn decide(&self, access: &Access) -> Result<bool, Error> {
        let user = match &access.service_account {
            Some((namespace, name)) => User {
                name: format!("system:serviceaccount:{namespace}:{name}"),
                groups: vec![
                    "system:serviceaccounts".to_owned(),
                    format!("system:serviceaccounts:{namespace}"),
                    "system:authenticated".to_owned(),
                ],
                ..User::default()
            },
            None => self.review.user.clone(),
        };
        let answer = self.world.authorize.as_ref().and_then(|authorize| authorize(&user, access));
        answer.ok_or_else(|| {
            Error::Invalid(format!(
                "it is not known whether `{}` may `{}`: no rights were given to look at",
                user.name, access.verb
            ))
        })
    }
}
