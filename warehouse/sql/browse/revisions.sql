-- The states of one article, newest first. Grain: one revision. Input: main.revisions. User: warehouse/browse.py.

SELECT
    revision_id,
    revision_number,
    kind,
    changed_fields,
    captured_at,
    is_current,
    capture_id,
    extractor,
    word_count
FROM main.revisions
WHERE article_id = CAST($article_id AS UUID)
ORDER BY revision_number DESC
LIMIT $limit
