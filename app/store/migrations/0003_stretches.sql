-- What is recognised on this computer of a job that is still at work, so that it goes on there.

CREATE TABLE job_stretches (
    job_id TEXT NOT NULL REFERENCES jobs(job_id) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    start_ms INTEGER NOT NULL,
    stretch BLOB NOT NULL,           -- zlib
    PRIMARY KEY (job_id, part, start_ms)
);
