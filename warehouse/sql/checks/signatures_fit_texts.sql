-- Grain: one article that was compared by another text than it has, though all have been compared; or a pair of copies
-- that stands twice. Inputs: core.signatures, core.articles, core.revisions, core.copies, core.story_upkeep.
-- Users: warehouse/checks.py.

SELECT
    a.article_id,
    s.text_sha256 AS signed_sha256,
    r.text_sha256
FROM core.articles AS a
JOIN core.revisions AS r ON r.revision_id = a.current_revision_id
LEFT JOIN core.signatures AS s ON s.article_id = a.article_id
WHERE s.text_sha256 IS DISTINCT FROM r.text_sha256 AND (SELECT is_complete FROM core.story_upkeep)
UNION ALL
SELECT
    first_id AS article_id,
    NULL AS signed_sha256,
    NULL AS text_sha256
FROM core.copies
GROUP BY first_id, second_id
HAVING COUNT(*) > 1
