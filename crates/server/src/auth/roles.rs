//! Which groups of the identity provider hold which roles: read, tried out, changed, and what it was before.

use axum::Json;
use axum::extract::State;
use rampart_store::principal::Source;
use rampart_store::role::{Role, RoleGrant};
use rampart_store::role_mapping::{self, GroupGrants, RoleMapping};
use rampart_store::{Failure, Tx, user};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Caller;
use super::shapes::{GrantBody, Whole, grants, instant};
use crate::input::Body;
use crate::plane::blocking;
use crate::{Plane, Problem};

/// The roles of a group.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    group: String,
    grants: Vec<GrantBody>,
}

impl From<GroupGrants> for Group {
    fn from(group: GroupGrants) -> Self {
        Self { group: group.group, grants: grants(group.grants) }
    }
}

impl From<Group> for GroupGrants {
    fn from(group: Group) -> Self {
        Self { group: group.group, grants: group.grants.into_iter().map(RoleGrant::from).collect() }
    }
}

/// All groups that hold roles.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Mapping {
    /// 0 before the first change.
    version: u64,
    changed_by: Option<String>,
    changed_at: Option<String>,
    groups: Vec<Group>,
}

impl From<RoleMapping> for Mapping {
    fn from(mapping: RoleMapping) -> Self {
        Self {
            version: mapping.version,
            changed_by: mapping.changed_by,
            changed_at: mapping.changed_at.map(instant),
            groups: mapping.groups.into_iter().map(Group::from).collect(),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MappingChange {
    /// The version that the change was made to.
    based_on: u64,
    groups: Vec<Group>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MappingDraft {
    groups: Vec<Group>,
}

/// What a draft would change for people who have signed in before.
#[derive(Debug, Serialize, ToSchema)]
pub struct RolePreview {
    users: Vec<Effect>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Effect {
    name: String,
    before: Vec<GrantBody>,
    after: Vec<GrantBody>,
}

/// The groups and their roles.
#[utoipa::path(get, path = "/roles", tag = "roles", responses((status = 200, body = Mapping), (status = 403)))]
pub async fn get(State(plane): State<Plane>, caller: Caller) -> Result<Json<Mapping>, Problem> {
    caller.require_everywhere(Role::Auditor)?;
    let store = plane.store().clone();
    Ok(Json(blocking(move || store.read(role_mapping::current)).await?.into()))
}

/// The last hundred versions, the newest first.
#[utoipa::path(get, path = "/roles/versions", tag = "roles", responses((status = 200, body = Whole<Mapping>), (status = 403)))]
pub async fn versions(State(plane): State<Plane>, caller: Caller) -> Result<Json<Whole<Mapping>>, Problem> {
    caller.require_everywhere(Role::Auditor)?;
    let store = plane.store().clone();
    let found = blocking(move || store.read(|tx| role_mapping::versions(tx, 100))).await?;
    Ok(Json(Whole::of(found.into_iter().map(Mapping::from).collect())))
}

/// Whose roles a draft would change, and how. Nothing is stored.
#[utoipa::path(
    post, path = "/roles/preview", tag = "roles", request_body = MappingDraft,
    responses((status = 200, body = RolePreview), (status = 403), (status = 422)),
)]
pub async fn preview(
    State(plane): State<Plane>,
    caller: Caller,
    Body(draft): Body<MappingDraft>,
) -> Result<Json<RolePreview>, Problem> {
    caller.require(Role::Admin)?;
    let groups = checked(draft.groups)?;
    let store = plane.store().clone();
    let effects = blocking(move || store.read(|tx| role_mapping::preview(tx, &groups))).await?;
    let effect = |effect: role_mapping::Effect| Effect {
        name: effect.name,
        before: grants(effect.before),
        after: grants(effect.after),
    };
    Ok(Json(RolePreview { users: effects.into_iter().map(effect).collect() }))
}

/// Replaces the mapping. It counts from the next request of everybody on.
#[utoipa::path(
    put, path = "/roles", tag = "roles", request_body = MappingChange,
    responses((status = 200, body = Mapping), (status = 403), (status = 409), (status = 422)),
)]
pub async fn change(
    State(plane): State<Plane>,
    caller: Caller,
    Body(MappingChange { based_on, groups }): Body<MappingChange>,
) -> Result<Json<Mapping>, Problem> {
    caller.require(Role::Admin)?;
    let groups = checked(groups)?;
    let (store, now) = (plane.store().clone(), plane.now());
    let made = blocking(move || {
        store.write(|tx| {
            stays_in(tx, &caller, &groups)?;
            role_mapping::change(tx, &caller.actor(), based_on, &groups, now)
        })
    })
    .await?;
    Ok(Json(made.into()))
}

/// What the administrator's role allows has no bounds, so that one with bounds would be a lie.
fn checked(groups: Vec<Group>) -> Result<Vec<GroupGrants>, Problem> {
    let groups: Vec<GroupGrants> = groups.into_iter().map(GroupGrants::from).collect();
    let unbounded = RoleGrant::everywhere(Role::Admin);
    for entry in &groups {
        if entry
            .grants
            .iter()
            .any(|grant| grant.role == Role::Admin && !unbounded.is_within(std::slice::from_ref(grant)))
        {
            let words = format!(
                "`{}`: the role admin reaches everywhere; leave clusters and namespaces empty, or take operator",
                entry.group.escape_debug()
            );
            return Err(Problem::invalid("groups", words));
        }
    }
    Ok(groups)
}

/// Whoever changes the roles must be able to change them back.
fn stays_in(tx: &mut Tx<'_>, caller: &Caller, groups: &[GroupGrants]) -> Result<(), Failure> {
    let Some(user) = user::get(tx, &caller.principal().id)? else { return Ok(()) };
    if caller.principal().source == Source::Local || user.issuer.is_none() {
        return Ok(());
    }
    let draft = RoleMapping { groups: groups.to_vec(), ..RoleMapping::default() };
    if RoleGrant::everywhere(Role::Admin).is_within(&draft.grants_of(&user.groups)) {
        return Ok(());
    }
    Err(Failure::invalid("groups", "this would take the role admin from you: keep it for one of your groups"))
}
