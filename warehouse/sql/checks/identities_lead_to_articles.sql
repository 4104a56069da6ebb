-- Grain: one name whose article is missing, or one article without its own name, of those seen since $since.
-- Names have no time: they are looked at only where everything is ($since is in the first millennium).
-- Inputs: core.identities, core.articles. Users: warehouse/checks.py.

SELECT
    i.identity_id,
    i.article_id
FROM core.identities AS i
WHERE
    $since < TIMESTAMPTZ '1000-01-01'
    AND NOT EXISTS (SELECT 1 FROM core.articles AS a WHERE a.article_id = i.article_id)
UNION ALL
SELECT
    CAST(NULL AS UUID) AS identity_id,
    a.article_id
FROM core.articles AS a
WHERE
    a.last_seen_at >= $since
    AND NOT EXISTS (SELECT 1 FROM core.identities AS i WHERE i.identity_id = a.article_id)
