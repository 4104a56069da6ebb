-- Numbers that outlets changed, but dates, times and what nobody knows what it counts; of title, standfirst and text the
-- first that tells it. Grain: one changed number of one edit. Inputs: main.number_changes, core.revisions.
-- User: the report.

WITH told AS (
    SELECT *
    FROM main.number_changes
    WHERE captured_at >= $since AND captured_at < $until AND counted NOT IN ('date', 'time', 'other')
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY revision_id, counted, before, after
            ORDER BY LIST_POSITION(['title', 'standfirst', 'text'], field), after_offset
        ) = 1
)

SELECT
    n.outlet_id,
    n.captured_at,
    r.title,
    r.language,
    r.canonical_url,
    n.counted,
    n.before,
    n.after,
    n.sentence_before,
    n.sentence_after,
    n.article_id,
    COUNT(*) OVER () AS total_count
FROM told AS n
JOIN core.revisions AS r ON r.revision_id = n.revision_id
ORDER BY ABS(n.number_after - n.number_before) DESC NULLS LAST, n.captured_at DESC, n.revision_id, n.counted, n.before, n.after
LIMIT $limit
