-- Grain: one capture whose record is nowhere in the archive, of those that were known when reading it began: a record is
-- there before its row.
-- Inputs: raw.captures, archived (what the archive holds), known_before. Users: warehouse/audits.py.

SELECT
    c.capture_id,
    c.outlet_id,
    c.final_url,
    c.warc_file,
    c.warc_offset
FROM raw.captures AS c
SEMI JOIN known_before AS k ON CAST(k.capture_id AS UUID) = c.capture_id
ANTI JOIN archived AS r ON CAST(r.capture_id AS UUID) = c.capture_id
