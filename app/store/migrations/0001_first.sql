-- Queue, library and settings. Texts that may hold undecodable file names are JSON.

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL              -- JSON
) WITHOUT ROWID;

CREATE TABLE jobs (
    job_id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    state TEXT NOT NULL,
    source TEXT NOT NULL,            -- JSON text
    is_url INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    options TEXT NOT NULL,           -- JSON object with a version
    rest TEXT NOT NULL,              -- JSON object
    transcript_id TEXT,
    removed_ms INTEGER,              -- in the undo bin since
    owner TEXT                       -- token of the process that works on it
);
CREATE INDEX jobs_by_position ON jobs(position);

CREATE TABLE job_parts (
    job_id TEXT NOT NULL REFERENCES jobs(job_id) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    sent_ms INTEGER,                 -- handed to the service, answer not known
    reply BLOB,                      -- zlib
    request_id TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (job_id, part)
);

CREATE TABLE job_preparations (
    job_id TEXT PRIMARY KEY REFERENCES jobs(job_id) ON DELETE CASCADE,
    manifest TEXT NOT NULL           -- JSON object
);

CREATE TABLE transcripts (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    transcript_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    deleted_ms INTEGER,
    duration_ms INTEGER NOT NULL,
    model TEXT NOT NULL,
    language TEXT NOT NULL,
    word_count INTEGER NOT NULL,
    speakers TEXT NOT NULL,          -- JSON array of names as shown
    tags TEXT NOT NULL DEFAULT '[]', -- JSON array
    options TEXT NOT NULL,           -- JSON object with a version
    source TEXT NOT NULL,            -- JSON text: path or link
    is_url INTEGER NOT NULL DEFAULT 0,
    size_bytes INTEGER NOT NULL DEFAULT 0,
    modified_ns INTEGER NOT NULL DEFAULT 0,
    content_hash TEXT NOT NULL DEFAULT '',
    copy_path TEXT NOT NULL DEFAULT '""',
    place TEXT NOT NULL DEFAULT '{}',
    listened_ms INTEGER NOT NULL DEFAULT 0,
    export_options TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX transcripts_by_hash ON transcripts(content_hash) WHERE content_hash <> '';

CREATE TABLE transcript_bodies (
    number INTEGER PRIMARY KEY REFERENCES transcripts(number) ON DELETE CASCADE,
    body BLOB NOT NULL,
    original BLOB                    -- as recognised; NULL while nothing was edited
);

CREATE TABLE transcript_versions (
    number INTEGER NOT NULL REFERENCES transcripts(number) ON DELETE CASCADE,
    taken_ms INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (number, taken_ms)
);

CREATE TABLE transcript_replies (
    number INTEGER NOT NULL REFERENCES transcripts(number) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    reply BLOB NOT NULL,             -- zlib
    request_id TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (number, part)
);

-- One passage is a turn, or a piece of a long one. Its id is number * 2^20 and a running
-- number, so that a transcript's passages lie together and the newest come last.
CREATE TABLE passages (
    passage_id INTEGER PRIMARY KEY,
    segment INTEGER NOT NULL,
    first_word INTEGER NOT NULL,
    text TEXT NOT NULL
);
CREATE VIRTUAL TABLE passage_index USING fts5(
    text,
    content = 'passages',
    content_rowid = 'passage_id',
    prefix = '2 3 4 5',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);
