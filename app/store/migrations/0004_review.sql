-- How much of a transcript was reviewed, and what a person put on its words, for lists.

ALTER TABLE transcripts ADD COLUMN reviewed REAL;  -- share of the words; NULL: not known yet
ALTER TABLE transcripts ADD COLUMN are_markers_listed INTEGER NOT NULL DEFAULT 0;

CREATE TABLE transcript_markers (
    number INTEGER NOT NULL REFERENCES transcripts(number) ON DELETE CASCADE,
    word INTEGER NOT NULL,           -- place in reading order
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    quote TEXT NOT NULL,
    speaker TEXT NOT NULL,           -- name as typed; empty if none was
    speaker_number INTEGER NOT NULL, -- from 1; 0 for nobody
    start_ms INTEGER NOT NULL,
    end_ms INTEGER NOT NULL
);
CREATE INDEX transcript_markers_by_number ON transcript_markers(number);
