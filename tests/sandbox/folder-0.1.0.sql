BEGIN TRANSACTION;
CREATE TABLE checkpoints (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    job_id     TEXT NOT NULL REFERENCES jobs (id),
    step       INTEGER NOT NULL,
    model      TEXT NOT NULL,
    metrics    JSON NOT NULL,
    UNIQUE (job_id, step)
);
INSERT INTO "checkpoints" VALUES(1,'ftckpt_0QYWIY7ebm9fgzELuJCzbnsz',1796077284,'ftjob-Pcop85INHMf2bw6kCJtSJh5y',2,'ft:tiny-byte-lm:sandbox:old:Yn1kkKxr:ckpt-step-2','{"step": 2, "train_loss": 2.7695324420928955, "train_mean_token_accuracy": 0.2351190447807312}');
INSERT INTO "checkpoints" VALUES(2,'ftckpt_623qtzdGo9RWNZi2ARoVbVTn',1796077284,'ftjob-Pcop85INHMf2bw6kCJtSJh5y',4,'ft:tiny-byte-lm:sandbox:old:sqzyTPql','{"step": 4, "train_loss": 2.0513863563537598, "train_mean_token_accuracy": 0.5915915966033936}');
CREATE TABLE events (
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
INSERT INTO "events" VALUES(1,'ftevent-cfXopXDvs4qBZs2sCKajnHJw',1796077284,'ftjob-Pcop85INHMf2bw6kCJtSJh5y','info','Created fine-tuning job: ftjob-Pcop85INHMf2bw6kCJtSJh5y','message',NULL,NULL);
INSERT INTO "events" VALUES(2,'ftevent-WmNyPJ6EuyLGXXE2nCvJGTVt',1796077284,'ftjob-Pcop85INHMf2bw6kCJtSJh5y','info','Validating training file: file-goLjTlEeXTMqVpVMvI9DMgcO','message',NULL,NULL);
INSERT INTO "events" VALUES(3,'ftevent-l0XH4hcndEK8T4WPfyeYlYWA',1796077284,'ftjob-Pcop85INHMf2bw6kCJtSJh5y','info','Files validated, moving job to queued state','message',NULL,NULL);
INSERT INTO "events" VALUES(4,'ftevent-TvROIeZON6iqtJ58oAlF4yfV',1796077284,'ftjob-Pcop85INHMf2bw6kCJtSJh5y','info','Fine-tuning job started','message',NULL,NULL);
INSERT INTO "events" VALUES(5,'ftevent-mij1VzuiyxTRIWeeGyszINmZ',1796077284,'ftjob-Pcop85INHMf2bw6kCJtSJh5y','info','Step 1/4: training loss=3.25','metrics',1,'{"step": 1, "total_steps": 4, "train_loss": 3.2487494945526123, "train_mean_token_accuracy": 0.21752266585826874}');
INSERT INTO "events" VALUES(6,'ftevent-FGwPdbWpKy0eaE3n9XcnX6Xj',1796077284,'ftjob-Pcop85INHMf2bw6kCJtSJh5y','info','Step 2/4: training loss=2.77','metrics',2,'{"step": 2, "total_steps": 4, "train_loss": 2.7695324420928955, "train_mean_token_accuracy": 0.2351190447807312}');
INSERT INTO "events" VALUES(7,'ftevent-IvJofwE1S8LJ6pJz9ubGxWD5',1796077284,'ftjob-Pcop85INHMf2bw6kCJtSJh5y','info','Step 3/4: training loss=2.37','metrics',3,'{"step": 3, "total_steps": 4, "train_loss": 2.368577480316162, "train_mean_token_accuracy": 0.46706587076187134}');
INSERT INTO "events" VALUES(8,'ftevent-xIUWERJms92NcXc1N1SbIa2Y',1796077284,'ftjob-Pcop85INHMf2bw6kCJtSJh5y','info','Step 4/4: training loss=2.05','metrics',4,'{"step": 4, "total_steps": 4, "train_loss": 2.0513863563537598, "train_mean_token_accuracy": 0.5915915966033936}');
INSERT INTO "events" VALUES(9,'ftevent-rxn7vtqw02H7emER6JZK6Yd8',1796077284,'ftjob-Pcop85INHMf2bw6kCJtSJh5y','info','Checkpoint created at step 2 with Snapshot ID: ft:tiny-byte-lm:sandbox:old:Yn1kkKxr:ckpt-step-2','message',NULL,NULL);
INSERT INTO "events" VALUES(10,'ftevent-kwaioZlidQP0z0QBLf7KmvpX',1796077284,'ftjob-Pcop85INHMf2bw6kCJtSJh5y','info','New fine-tuned model created: ft:tiny-byte-lm:sandbox:old:sqzyTPql','message',NULL,NULL);
INSERT INTO "events" VALUES(11,'ftevent-tLRrEDQwSavCmas7omMZfXsZ',1796077284,'ftjob-Pcop85INHMf2bw6kCJtSJh5y','info','The job has successfully completed','message',NULL,NULL);
INSERT INTO "events" VALUES(12,'ftevent-HOSfZAUFpBgLUV3ZFmS4eurO',1796077284,'ftjob-oQ1BBttl4a4dv43J79UrBXFV','info','Created fine-tuning job: ftjob-oQ1BBttl4a4dv43J79UrBXFV','message',NULL,NULL);
INSERT INTO "events" VALUES(13,'ftevent-3oDDVU3mGdGJ7oeb2gpUHeaq',1796077284,'ftjob-oQ1BBttl4a4dv43J79UrBXFV','info','Validating training file: file-FvPWs9DaFaok7chRCaTpzJd5','message',NULL,NULL);
INSERT INTO "events" VALUES(14,'ftevent-4wkXO2PPiXTZSYIxN8G5zlSO',1796077284,'ftjob-oQ1BBttl4a4dv43J79UrBXFV','error','Training file has 1 example(s), but must have at least 10 examples','message',NULL,'{"error_code": "invalid_n_examples", "error_param": "training_file"}');
CREATE TABLE files (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    filename   TEXT NOT NULL,
    purpose    TEXT NOT NULL,
    bytes      INTEGER NOT NULL,
    expires_at INTEGER
);
INSERT INTO "files" VALUES(1,'file-goLjTlEeXTMqVpVMvI9DMgcO',1796077284,'a.jsonl','fine-tune',2092,NULL);
INSERT INTO "files" VALUES(2,'file-1gkgznChzEipjRoNkYft48jN',1796077284,'step_metrics.csv','fine-tune-results',148,NULL);
INSERT INTO "files" VALUES(3,'file-FvPWs9DaFaok7chRCaTpzJd5',1796077284,'a.jsonl','fine-tune',175,NULL);
CREATE TABLE jobs (
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
    examples         INTEGER,
    snapshot_step    INTEGER NOT NULL,
    estimated_finish INTEGER,
    finished_at      INTEGER,
    fine_tuned_model TEXT,
    trained_tokens   INTEGER,
    result_file      TEXT,
    error            JSON
);
INSERT INTO "jobs" VALUES(1,'ftjob-Pcop85INHMf2bw6kCJtSJh5y',1796077284,'succeeded','tiny-byte-lm','tiny-byte-lm','supervised','{"n_epochs": 2, "batch_size": 6, "learning_rate_multiplier": 2.2}','file-goLjTlEeXTMqVpVMvI9DMgcO',NULL,'old',1,'{"team": "support"}','[]',12,4,1796077284,1796077284,'ft:tiny-byte-lm:sandbox:old:sqzyTPql',1334,'file-1gkgznChzEipjRoNkYft48jN',NULL);
INSERT INTO "jobs" VALUES(2,'ftjob-oQ1BBttl4a4dv43J79UrBXFV',1796077284,'failed','tiny-byte-lm','tiny-byte-lm','supervised','{"n_epochs": 2, "batch_size": 4, "learning_rate_multiplier": "auto"}','file-FvPWs9DaFaok7chRCaTpzJd5',NULL,NULL,1,NULL,'[]',NULL,0,NULL,NULL,NULL,NULL,NULL,'{"code": "invalid_n_examples", "message": "Training file has 1 example(s), but must have at least 10 examples", "param": "training_file"}');
CREATE TABLE models (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    job_id     TEXT NOT NULL REFERENCES jobs (id),
    step       INTEGER NOT NULL,
    base       TEXT NOT NULL
);
INSERT INTO "models" VALUES(1,'ft:tiny-byte-lm:sandbox:old:Yn1kkKxr:ckpt-step-2',1796077284,'ftjob-Pcop85INHMf2bw6kCJtSJh5y',2,'tiny-byte-lm');
INSERT INTO "models" VALUES(2,'ft:tiny-byte-lm:sandbox:old:sqzyTPql',1796077284,'ftjob-Pcop85INHMf2bw6kCJtSJh5y',4,'tiny-byte-lm');
CREATE INDEX jobs_by_status ON jobs (status, seq);
CREATE INDEX events_by_job ON events (job_id, seq);
CREATE UNIQUE INDEX one_event_per_step ON events (job_id, step)
    WHERE step IS NOT NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('files',3);
INSERT INTO "sqlite_sequence" VALUES('jobs',2);
INSERT INTO "sqlite_sequence" VALUES('events',14);
INSERT INTO "sqlite_sequence" VALUES('checkpoints',2);
INSERT INTO "sqlite_sequence" VALUES('models',2);
COMMIT;
