-- Grain: one response of the archive to which no capture points: it was fetched by a run that was killed before it could
-- write its row, or is another copy. It costs room and nothing else, so it is told and is no fault.
-- Inputs: raw.captures, archived (what the archive holds). Users: warehouse/audits.py.

SELECT
    r.warc_file,
    r.warc_offset,
    CAST(r.capture_id AS UUID) AS capture_id
FROM archived AS r
ANTI JOIN raw.captures AS c
    ON c.capture_id = CAST(r.capture_id AS UUID) AND c.warc_file = r.warc_file AND c.warc_offset = r.warc_offset
WHERE r.state <> 'damaged'
