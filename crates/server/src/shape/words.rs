//! The words of the API as its document names them. Values are written by the vocabulary's own ids.

use utoipa::ToSchema;

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Severity {
    Critical,
    High,
    Medium,
    Low,
    Info,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Verdict {
    Pass,
    Fail,
    Unknown,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Layer {
    Application,
    Cluster,
    Infrastructure,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Phase {
    Build,
    Operate,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum FindingState {
    Open,
    Waived,
    Resolved,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum ChangeWord {
    Opened,
    Closed,
    Reopened,
    Waived,
    Unwaived,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum SourceKind {
    Folder,
    Context,
    Agent,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum ClusterState {
    Up,
    Late,
    Never,
    Failed,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum WaiverState {
    Requested,
    Approved,
    Rejected,
    Expired,
    Revoked,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum PartState {
    Met,
    Missing,
    Unknown,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum DeadlineKind {
    Waiver,
    Certificate,
    EndOfLife,
    Other,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum TrailOutcome {
    Allowed,
    Denied,
    Failed,
}
