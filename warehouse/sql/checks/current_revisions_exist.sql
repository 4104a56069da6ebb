-- Grain: one article whose current revision is missing, another article's, without content or not the newest, of those
-- that were seen or revised since $since.
-- Inputs: core.articles, core.revisions. Users: warehouse/checks.py.

WITH touched AS (
    SELECT article_id FROM core.articles WHERE last_seen_at >= $since
    UNION
    SELECT article_id FROM core.revisions WHERE loaded_at >= $since
),

newest AS (
    SELECT article_id, ARG_MAX(revision_id, revision_number) AS revision_id
    FROM core.revisions
    WHERE kind <> 'removed' AND article_id IN (SELECT article_id FROM touched)
    GROUP BY article_id
)

SELECT
    a.article_id,
    a.current_revision_id,
    n.revision_id AS newest_revision_id
FROM core.articles AS a
LEFT JOIN newest AS n ON n.article_id = a.article_id
WHERE a.article_id IN (SELECT article_id FROM touched) AND n.revision_id IS DISTINCT FROM a.current_revision_id
