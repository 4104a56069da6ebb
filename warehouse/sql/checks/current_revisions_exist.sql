-- Grain: one article whose current revision is missing, another article's, without content or not the newest.
-- Inputs: core.articles, core.revisions. Users: warehouse/checks.py.

WITH newest AS (
    SELECT article_id, ARG_MAX(revision_id, revision_number) AS revision_id
    FROM core.revisions
    WHERE kind <> 'removed'
    GROUP BY article_id
)

SELECT
    a.article_id,
    a.current_revision_id,
    n.revision_id AS newest_revision_id
FROM core.articles AS a
LEFT JOIN newest AS n ON n.article_id = a.article_id
WHERE n.revision_id IS DISTINCT FROM a.current_revision_id
