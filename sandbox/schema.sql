-- Column names are the fields of records.py. JSON columns are decoded on reading.
CREATE TABLE IF NOT EXISTS files (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    filename   TEXT NOT NULL,
    purpose    TEXT NOT NULL,
    bytes      INTEGER NOT NULL,
    expires_at INTEGER
);
CREATE INDEX IF NOT EXISTS files_by_expiry ON files (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS uploads (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    filename   TEXT NOT NULL,
    purpose    TEXT NOT NULL,
    bytes      INTEGER NOT NULL,
    keep       INTEGER,
    status     TEXT NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS uploads_by_status ON uploads (status, expires_at);

CREATE TABLE IF NOT EXISTS parts (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    upload_id  TEXT NOT NULL REFERENCES uploads (id),
    bytes      INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS parts_by_upload ON parts (upload_id, seq);

CREATE TABLE IF NOT EXISTS jobs (
    seq              INTEGER PRIMARY KEY AUTOINCREMENT,
    id               TEXT NOT NULL UNIQUE,
    created_at       INTEGER NOT NULL,
    status           TEXT NOT NULL,
    model            TEXT NOT NULL,
    base             TEXT NOT NULL,
    method           TEXT NOT NULL,
    hyperparameters  JSON NOT NULL,
    training_file    TEXT NOT NULL,
    validation_file  TEXT,
    suffix           TEXT,
    seed             INTEGER NOT NULL,
    metadata         JSON,
    integrations     JSON NOT NULL,
    grader           JSON,
    response_format  JSON,
    examples         INTEGER,
    snapshot_step    INTEGER NOT NULL,
    estimated_finish INTEGER,
    finished_at      INTEGER,
    fine_tuned_model TEXT,
    trained_tokens   INTEGER,
    result_file      TEXT,
    error            JSON
);
CREATE INDEX IF NOT EXISTS jobs_by_status ON jobs (status, seq);
CREATE INDEX IF NOT EXISTS jobs_without_metadata ON jobs (seq) WHERE metadata IS NULL;

-- Every pair of every job's metadata, so that the list can be searched by them.
CREATE TABLE IF NOT EXISTS job_metadata (
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    job   INTEGER NOT NULL REFERENCES jobs (seq),
    PRIMARY KEY (key, value, job)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS note_metadata AFTER INSERT ON jobs WHEN NEW.metadata IS NOT NULL BEGIN
    INSERT INTO job_metadata SELECT key, value, NEW.seq FROM json_each(NEW.metadata);
END;
-- Those of a folder that had jobs before it had this table.
INSERT INTO job_metadata
    SELECT pair.key, pair.value, jobs.seq FROM jobs, json_each(jobs.metadata) AS pair
    WHERE NOT EXISTS (SELECT 1 FROM job_metadata);

CREATE TABLE IF NOT EXISTS events (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    job_id     TEXT NOT NULL REFERENCES jobs (id),
    level      TEXT NOT NULL,
    message    TEXT NOT NULL,
    type       TEXT NOT NULL,
    step       INTEGER,
    data       JSON
);
CREATE INDEX IF NOT EXISTS events_by_job ON events (job_id, seq);
-- A step is told once, however often it is trained.
CREATE UNIQUE INDEX IF NOT EXISTS one_event_per_step ON events (job_id, step)
    WHERE step IS NOT NULL;

CREATE TABLE IF NOT EXISTS checkpoints (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    job_id     TEXT NOT NULL REFERENCES jobs (id),
    step       INTEGER NOT NULL,
    model      TEXT NOT NULL,
    metrics    JSON NOT NULL,
    UNIQUE (job_id, step)
);

CREATE TABLE IF NOT EXISTS models (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    job_id     TEXT NOT NULL REFERENCES jobs (id),
    step       INTEGER NOT NULL,
    base       TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS permissions (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    model      TEXT NOT NULL,
    project_id TEXT NOT NULL,
    UNIQUE (model, project_id)
);
CREATE TRIGGER IF NOT EXISTS permissions_go_with_their_model AFTER DELETE ON models BEGIN
    DELETE FROM permissions WHERE model = OLD.id;
END;

CREATE TABLE IF NOT EXISTS webhook_endpoints (
    seq              INTEGER PRIMARY KEY AUTOINCREMENT,
    id               TEXT NOT NULL UNIQUE,
    created_at       INTEGER NOT NULL,
    name             TEXT NOT NULL,
    url              TEXT NOT NULL,
    event_types      JSON NOT NULL,
    updated_at       INTEGER NOT NULL,
    secret           TEXT NOT NULL,
    old_secret       TEXT,
    old_secret_until INTEGER
);

-- What has to be sent still: a row goes when its receiver has taken it.
CREATE TABLE IF NOT EXISTS deliveries (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL UNIQUE,
    created_at  INTEGER NOT NULL,
    endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id),
    body        TEXT NOT NULL,
    attempts    INTEGER NOT NULL,
    due_at      REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS deliveries_by_due ON deliveries (due_at, seq);
CREATE TRIGGER IF NOT EXISTS deliveries_go_with_their_endpoint
AFTER DELETE ON webhook_endpoints BEGIN
    DELETE FROM deliveries WHERE endpoint_id = OLD.id;
END;
