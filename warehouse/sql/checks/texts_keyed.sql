-- Grain: one text of a revision that was loaded since $since, to which its hash does not lead, or not to one alone.
-- Inputs: core.revisions, core.texts, core.text_keys. Users: warehouse/checks.py.

WITH told AS (
    SELECT DISTINCT text_sha256
    FROM core.revisions
    WHERE loaded_at >= $since AND text_sha256 IS NOT NULL
)

SELECT
    r.text_sha256,
    k.text_number,
    LIST(t.text_number) AS found_numbers
FROM told AS r
JOIN core.texts AS t ON t.text_sha256 = r.text_sha256
LEFT JOIN core.text_keys AS k ON k.text_key = CAST(LEFT(r.text_sha256, 32) AS UUID)
GROUP BY ALL
HAVING found_numbers IS DISTINCT FROM [k.text_number]
