-- The responses that show an article's revisions and further pages, newest first. Grain: one response.
-- Inputs: main.revisions, main.further_pages, main.captures. User: warehouse/browse.py.

WITH shown AS (
    SELECT
        capture_id,
        'revision ' || STRING_AGG(revision_number, ', ' ORDER BY revision_number) AS what
    FROM main.revisions
    WHERE article_id = CAST($article_id AS UUID)
    GROUP BY capture_id
),

paged AS (
    SELECT
        p.capture_id,
        'page ' || p.page_number || ' of ' || s.what AS what
    FROM main.further_pages AS p
    JOIN shown AS s ON s.capture_id = p.first_capture_id
)

SELECT
    s.what,
    c.*
FROM (FROM shown UNION ALL FROM paged) AS s
JOIN main.captures AS c ON c.capture_id = s.capture_id
ORDER BY c.fetched_at DESC, s.what
LIMIT $limit
