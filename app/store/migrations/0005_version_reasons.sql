-- Before which bulk change a version was kept; empty for those kept as time goes by.

ALTER TABLE transcript_versions ADD COLUMN reason TEXT NOT NULL DEFAULT '';
