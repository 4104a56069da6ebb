-- Grain: one article whose revisions are not numbered 1, 2, 3 ... in the order of their captures, or miscounted.
-- Inputs: core.articles, core.revisions. Users: warehouse/checks.py.

WITH ordered AS (
    SELECT
        article_id,
        revision_number,
        ROW_NUMBER() OVER (PARTITION BY article_id ORDER BY captured_at, revision_number) AS expected_number
    FROM core.revisions
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
    COALESCE(a.article_id, c.article_id) AS article_id,
    a.revision_count AS stated_count,
    c.revision_count,
    c.misplaced_count
FROM core.articles AS a
FULL JOIN counted AS c ON c.article_id = a.article_id
WHERE a.revision_count IS DISTINCT FROM c.revision_count OR c.misplaced_count > 0
