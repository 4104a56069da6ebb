-- Grain: one capture whose record is elsewhere in the archive than its row says.
-- Inputs: raw.captures, archived (what the archive holds). Users: warehouse/audits.py.

WITH good AS (
    SELECT CAST(capture_id AS UUID) AS capture_id, warc_file, warc_offset
    FROM archived
    WHERE state <> 'damaged'
)

SELECT
    c.capture_id,
    c.warc_file,
    c.warc_offset,
    ANY_VALUE(g.warc_file) AS found_in_file,
    ANY_VALUE(g.warc_offset) AS found_at_offset
FROM raw.captures AS c
JOIN good AS g ON g.capture_id = c.capture_id
GROUP BY ALL
HAVING NOT BOOL_OR(g.warc_file = c.warc_file AND g.warc_offset = c.warc_offset)
