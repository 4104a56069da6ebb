-- Grain: one revision with content whose text is not there, of those that were loaded since $since.
-- Inputs: core.revisions, core.texts. Users: warehouse/checks.py.

SELECT
    r.revision_id,
    r.article_id,
    r.text_sha256
FROM core.revisions AS r
WHERE
    r.loaded_at >= $since
    AND r.kind <> 'removed'
    AND NOT EXISTS (SELECT 1 FROM core.texts AS t WHERE t.text_sha256 = r.text_sha256)
