-- Which recordings of watched folders have been seen, so that none is queued twice.

CREATE TABLE watched_files (
    folder TEXT NOT NULL,            -- JSON text, as the settings have it
    path TEXT NOT NULL,              -- JSON text; empty: the folder was looked through once
    size_bytes INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    PRIMARY KEY (folder, path)
);
