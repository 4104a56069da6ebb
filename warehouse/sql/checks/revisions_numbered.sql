-- Grain: one article whose revisions are not numbered 1, 2, 3 ... in the order of their captures, or miscounted, of
-- those that were seen or revised since $since.
-- Inputs: core.articles, core.revisions. Users: warehouse/checks.py.

WITH touched AS (
    SELECT article_id FROM core.articles WHERE last_seen_at >= $since
    UNION
    SELECT article_id FROM core.revisions WHERE loaded_at >= $since
),

ordered AS (
    SELECT
        article_id,
        revision_number,
        ROW_NUMBER() OVER (PARTITION BY article_id ORDER BY captured_at, revision_number) AS expected_number
    FROM core.revisions
    WHERE article_id IN (SELECT article_id FROM touched)
),

counted AS (
    SELECT
        article_id,
        COUNT(*) AS revision_count,
        COUNT(*) FILTER (revision_number <> expected_number) AS misplaced_count
    FROM ordered
    GROUP BY article_id
)

SELECT
    t.article_id,
    a.revision_count AS stated_count,
    c.revision_count,
    c.misplaced_count
FROM touched AS t
LEFT JOIN core.articles AS a ON a.article_id = t.article_id
LEFT JOIN counted AS c ON c.article_id = t.article_id
WHERE a.revision_count IS DISTINCT FROM c.revision_count OR c.misplaced_count > 0
