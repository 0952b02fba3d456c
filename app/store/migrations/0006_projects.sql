-- Folders of transcripts, with a word list for all that is in them.

CREATE TABLE projects (
    project_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    word_list TEXT NOT NULL DEFAULT '[]'  -- JSON array of words
);
ALTER TABLE transcripts ADD COLUMN project_id TEXT NOT NULL DEFAULT '';  -- empty: in none
CREATE INDEX transcripts_by_project ON transcripts(project_id) WHERE project_id <> '';
