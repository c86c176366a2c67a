CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_object ON audit (object, seq);
CREATE INDEX audit_actor ON audit (actor, seq);
-- One row: the last entry. Also the lock under which entries get their numbers.
CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO audit_head (id, seq, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE TABLE waiver (
    id TEXT NOT NULL PRIMARY KEY,
    rule TEXT NOT NULL,
    clusters TEXT NOT NULL,
    kind TEXT,
    namespace TEXT,
    name TEXT,
    key TEXT,
    reason TEXT NOT NULL,
    owner TEXT NOT NULL,
    expires TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'rejected', 'expired', 'revoked')),
    requested_by TEXT NOT NULL,
    requested_by_name TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    decided_by TEXT,
    decided_by_name TEXT,
    decided_at BIGINT,
    comment TEXT,
    -- Four eyes, whatever the program does.
    CHECK (state <> 'approved' OR decided_by <> requested_by)
);
CREATE INDEX waiver_state ON waiver (state, expires);
CREATE INDEX waiver_newest ON waiver (requested_at, id);
CREATE INDEX waiver_rule ON waiver (rule);

CREATE TABLE desired (
    cluster BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    rescan BIGINT NOT NULL
);

CREATE TABLE user_account (
    id TEXT NOT NULL PRIMARY KEY,
    -- The name of a local user in lower case; none for others.
    login TEXT UNIQUE,
    issuer TEXT,
    subject TEXT,
    name TEXT NOT NULL,
    email TEXT,
    password TEXT,
    member_of TEXT NOT NULL,
    grants TEXT NOT NULL,
    disabled BIGINT NOT NULL,
    created BIGINT NOT NULL,
    last_sign_in BIGINT,
    UNIQUE (issuer, subject)
);

CREATE TABLE session (
    hash TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    created BIGINT NOT NULL,
    last_used BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    idle BIGINT NOT NULL
);
CREATE INDEX session_of_user ON session (user_id);

CREATE TABLE api_token (
    id TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    clusters TEXT NOT NULL,
    namespaces TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    last_used BIGINT
);
CREATE INDEX api_token_of_user ON api_token (user_id);

CREATE TABLE role_mapping (
    version BIGINT NOT NULL PRIMARY KEY,
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    mapping TEXT NOT NULL
);

CREATE TABLE identity_provider (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    settings TEXT NOT NULL,
    sealed TEXT,
    local_disabled BIGINT NOT NULL
);

CREATE TABLE first_run (
    hash TEXT NOT NULL PRIMARY KEY,
    expires BIGINT NOT NULL,
    used BIGINT
);

CREATE TABLE device_code (
    hash TEXT NOT NULL PRIMARY KEY,
    user_code TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    user_id TEXT,
    expires BIGINT NOT NULL,
    last_asked BIGINT
);

CREATE TABLE join_token (
    id TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    cluster TEXT,
    uses_left BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    needs_approval BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    uid TEXT
);

CREATE TABLE agent (
    id TEXT NOT NULL PRIMARY KEY,
    cluster BIGINT NOT NULL,
    cluster_uid TEXT NOT NULL,
    public_key TEXT NOT NULL UNIQUE,
    previous_key TEXT,
    serial TEXT,
    not_after BIGINT,
    state TEXT NOT NULL,
    version TEXT NOT NULL,
    protocol BIGINT NOT NULL,
    last_seen BIGINT,
    joined BIGINT NOT NULL
);
CREATE INDEX agent_cluster ON agent (cluster);

CREATE TABLE route (
    id TEXT NOT NULL PRIMARY KEY,
    settings TEXT NOT NULL,
    sealed TEXT
);

CREATE TABLE delivery (
    id TEXT NOT NULL PRIMARY KEY,
    route TEXT NOT NULL,
    cluster TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    drift_seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    news TEXT NOT NULL,
    summary TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt BIGINT NOT NULL,
    holder TEXT,
    lease_until BIGINT,
    problem TEXT,
    sent_at BIGINT,
    UNIQUE (route, cluster, fingerprint, drift_seq)
);
CREATE INDEX delivery_due ON delivery (state, next_attempt);
CREATE INDEX delivery_newest ON delivery (at, id);

CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL
);

CREATE TABLE schedule (
    name TEXT NOT NULL PRIMARY KEY,
    last_run BIGINT NOT NULL
);

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE framework (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    version TEXT NOT NULL,
    content TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE report_schedule (
    id TEXT NOT NULL PRIMARY KEY,
    format TEXT NOT NULL,
    cluster TEXT,
    framework TEXT,
    cron TEXT NOT NULL,
    route TEXT,
    due BIGINT NOT NULL,
    last_run BIGINT,
    last_outcome TEXT
);
