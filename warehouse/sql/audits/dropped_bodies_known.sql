-- Grain: one capture of which the archive and its row do not say the same: whether its body was dropped.
-- Inputs: raw.captures, archived (what the archive holds). Users: warehouse/audits.py.

SELECT
    c.capture_id,
    c.body_dropped_at,
    r.state
FROM raw.captures AS c
JOIN archived AS r
    ON CAST(r.capture_id AS UUID) = c.capture_id AND r.warc_file = c.warc_file AND r.warc_offset = c.warc_offset
WHERE r.state <> 'damaged' AND (r.state = 'dropped') <> (c.body_dropped_at IS NOT NULL)
