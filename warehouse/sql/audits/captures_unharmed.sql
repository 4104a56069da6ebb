-- Grain: one record that is damaged, or whose body is another than its capture's: SHA-256 and size were recomputed.
-- Inputs: raw.captures, archived (what the archive holds). Users: warehouse/audits.py.

SELECT
    r.warc_file,
    r.warc_offset,
    CAST(r.capture_id AS UUID) AS capture_id,
    CASE
        WHEN r.state = 'damaged' THEN r.detail
        ELSE 'holds ' || r.body_bytes || ' bytes with SHA-256 ' || r.body_sha256
    END AS problem
FROM archived AS r
LEFT JOIN raw.captures AS c ON c.capture_id = CAST(r.capture_id AS UUID)
WHERE
    r.state = 'damaged'
    OR (c.capture_id IS NOT NULL AND (c.body_sha256 <> r.body_sha256 OR c.body_bytes <> r.body_bytes))
