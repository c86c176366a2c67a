CREATE TABLE cluster (
    id {key},
    name TEXT NOT NULL UNIQUE,
    uid TEXT,
    source TEXT NOT NULL,
    detail TEXT NOT NULL,
    created BIGINT NOT NULL,
    last_seen BIGINT,
    last_evaluation BIGINT,
    problem TEXT,
    version TEXT,
    objects BIGINT NOT NULL DEFAULT 0,
    score BIGINT,
    coverage BIGINT NOT NULL DEFAULT 0,
    critical BIGINT NOT NULL DEFAULT 0,
    high BIGINT NOT NULL DEFAULT 0,
    medium BIGINT NOT NULL DEFAULT 0,
    low BIGINT NOT NULL DEFAULT 0,
    info BIGINT NOT NULL DEFAULT 0,
    kinds TEXT NOT NULL DEFAULT '{}',
    diagnostics TEXT NOT NULL DEFAULT '[]',
    summary_digest TEXT
);

-- The last sequence number that was applied in each epoch of the sender.
CREATE TABLE batch (
    cluster BIGINT NOT NULL,
    epoch TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (cluster, epoch)
);

CREATE TABLE bucket (
    cluster BIGINT NOT NULL,
    rule TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (cluster, rule)
);

-- severity: 0 critical .. 4 info; state: 0 open, 1 waived, 2 resolved.
CREATE TABLE finding (
    cluster BIGINT NOT NULL,
    first_seen BIGINT NOT NULL,
    resolved BIGINT,
    reopened BIGINT,
    severity SMALLINT NOT NULL,
    state SMALLINT NOT NULL,
    fixable SMALLINT NOT NULL,
    fingerprint TEXT NOT NULL,
    rule TEXT NOT NULL,
    control TEXT NOT NULL,
    api_version TEXT NOT NULL,
    kind TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    message TEXT NOT NULL,
    cause_api_version TEXT,
    cause_kind TEXT,
    cause_namespace TEXT,
    cause_name TEXT,
    waiver TEXT,
    digest TEXT NOT NULL,
    blob TEXT NOT NULL,
    due TEXT,
    PRIMARY KEY (cluster, fingerprint)
) {by_cluster};
CREATE INDEX finding_by_severity ON finding (state, severity, cluster, fingerprint);
CREATE INDEX finding_by_first_seen ON finding (state, first_seen, cluster, fingerprint);
CREATE INDEX finding_by_control ON finding (control, state, severity, cluster, fingerprint);
CREATE INDEX finding_by_rule ON finding (rule, state, severity, cluster, fingerprint);
CREATE INDEX finding_by_namespace ON finding (namespace, state, severity, cluster, fingerprint);
CREATE INDEX finding_by_name ON finding (name);
CREATE INDEX finding_of_rule ON finding (cluster, rule);
CREATE INDEX finding_of_object ON finding (cluster, namespace, kind, name);
CREATE INDEX finding_of_cause ON finding (cluster, cause_namespace, cause_kind, cause_name) WHERE cause_kind IS NOT NULL;
CREATE INDEX finding_by_due ON finding (due) WHERE due IS NOT NULL AND state = 0;

-- What is shown of one finding only: place, remedies, the waiver's words. Named by its content.
CREATE TABLE blob (
    cluster BIGINT NOT NULL,
    hash TEXT NOT NULL,
    bytes {bytes} NOT NULL,
    PRIMARY KEY (cluster, hash)
) {by_cluster};

CREATE TABLE drift (
    seq {key},
    cluster BIGINT NOT NULL,
    at BIGINT NOT NULL,
    fingerprint TEXT NOT NULL,
    namespace TEXT NOT NULL,
    change TEXT NOT NULL
);
CREATE INDEX drift_of_cluster ON drift (cluster, seq);
CREATE INDEX drift_of_finding ON drift (cluster, fingerprint, seq);
CREATE INDEX drift_by_at ON drift (at);

CREATE TABLE control_state (
    cluster BIGINT NOT NULL,
    control TEXT NOT NULL,
    verdict TEXT NOT NULL,
    score BIGINT,
    coverage BIGINT NOT NULL,
    examined BIGINT NOT NULL,
    critical BIGINT NOT NULL,
    high BIGINT NOT NULL,
    medium BIGINT NOT NULL,
    low BIGINT NOT NULL,
    info BIGINT NOT NULL,
    PRIMARY KEY (cluster, control)
);

CREATE TABLE rule_state (
    cluster BIGINT NOT NULL,
    rule TEXT NOT NULL,
    examined BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    gaps BIGINT NOT NULL,
    PRIMARY KEY (cluster, rule)
);

-- Counts that are kept so that no list has to count findings. `subjects` and `fixable` are of open findings.
CREATE TABLE rule_count (
    cluster BIGINT NOT NULL,
    rule TEXT NOT NULL,
    control TEXT NOT NULL,
    severity SMALLINT NOT NULL,
    kind TEXT NOT NULL,
    open BIGINT NOT NULL,
    waived BIGINT NOT NULL,
    resolved BIGINT NOT NULL,
    fixable BIGINT NOT NULL,
    subjects BIGINT NOT NULL,
    PRIMARY KEY (cluster, rule, control, severity, kind)
);

CREATE TABLE namespace_count (
    cluster BIGINT NOT NULL,
    namespace TEXT NOT NULL,
    severity SMALLINT NOT NULL,
    open BIGINT NOT NULL,
    fixable BIGINT NOT NULL,
    subjects BIGINT NOT NULL,
    PRIMARY KEY (cluster, namespace, severity)
);
CREATE INDEX namespace_count_by_name ON namespace_count (namespace);

-- For scopes of single namespaces.
CREATE TABLE place_count (
    cluster BIGINT NOT NULL,
    namespace TEXT NOT NULL,
    rule TEXT NOT NULL,
    control TEXT NOT NULL,
    severity SMALLINT NOT NULL,
    open BIGINT NOT NULL,
    fixable BIGINT NOT NULL,
    subjects BIGINT NOT NULL,
    PRIMARY KEY (cluster, namespace, rule, control, severity)
);
CREATE INDEX place_count_by_name ON place_count (namespace);

-- Open findings by the object whose change removes them.
CREATE TABLE root_count (
    cluster BIGINT NOT NULL,
    namespace TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    api_version TEXT NOT NULL,
    severity SMALLINT NOT NULL,
    open BIGINT NOT NULL,
    fixable BIGINT NOT NULL,
    subjects BIGINT NOT NULL,
    weight BIGINT NOT NULL,
    -- Findings in other namespaces than the object's own.
    elsewhere BIGINT NOT NULL,
    PRIMARY KEY (cluster, namespace, kind, name)
);
CREATE INDEX root_count_by_namespace ON root_count (namespace);
CREATE INDEX root_count_by_weight ON root_count ((0 - weight), cluster, namespace, kind, name);
CREATE INDEX root_count_by_severity ON root_count (severity, (0 - open), cluster, namespace, kind, name);

CREATE TABLE rollup_day (
    cluster BIGINT NOT NULL,
    day TEXT NOT NULL,
    control TEXT NOT NULL,
    verdict TEXT NOT NULL,
    score BIGINT,
    coverage BIGINT NOT NULL,
    open BIGINT NOT NULL,
    PRIMARY KEY (cluster, day, control)
);
CREATE INDEX rollup_day_by_day ON rollup_day (day);

CREATE TABLE rollup_fleet (
    day TEXT NOT NULL,
    control TEXT NOT NULL,
    score BIGINT,
    open BIGINT NOT NULL,
    PRIMARY KEY (day, control)
);

CREATE TABLE gap (
    cluster BIGINT NOT NULL,
    position BIGINT NOT NULL,
    control TEXT NOT NULL,
    rule TEXT NOT NULL,
    reason TEXT NOT NULL,
    remedy TEXT NOT NULL,
    PRIMARY KEY (cluster, position)
);

CREATE TABLE namespace (
    cluster BIGINT NOT NULL,
    name TEXT NOT NULL,
    score BIGINT,
    complete BIGINT NOT NULL,
    parts TEXT NOT NULL,
    PRIMARY KEY (cluster, name)
);
