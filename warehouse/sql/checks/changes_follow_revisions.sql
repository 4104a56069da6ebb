-- Grain: one changed field of a revision that is not stored once for the pair of states that is compared now.
-- Inputs: core.revisions, core.changes. Users: warehouse/checks.py.

WITH expected AS (
    SELECT
        revision_id,
        compared_with,
        UNNEST(changed_fields) AS field
    FROM core.revisions
    WHERE compared_with IS NOT NULL
),

stored AS (
    SELECT
        c.revision_id,
        c.compared_with,
        c.field,
        COUNT(*) AS row_count
    FROM core.changes AS c
    JOIN core.revisions AS r ON r.revision_id = c.revision_id AND r.compared_with = c.compared_with
    GROUP BY ALL
)

SELECT
    COALESCE(e.revision_id, s.revision_id) AS revision_id,
    COALESCE(e.compared_with, s.compared_with) AS compared_with,
    COALESCE(e.field, s.field) AS field,
    COALESCE(s.row_count, 0) AS row_count
FROM expected AS e
FULL JOIN stored AS s USING (revision_id, compared_with, field)
WHERE e.field IS NULL OR s.row_count IS DISTINCT FROM 1
