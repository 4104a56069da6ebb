-- Edits by the outlets that changed words: first those of headlines, then the largest. A passage comes with what stands
-- around it, and with the gap between it and the next one. Grain: one edit. Inputs: core.changes, core.revisions, core.articles, core.texts. User: the report.

WITH edited AS (
    SELECT
        r.revision_id,
        r.article_id,
        a.outlet_id,
        r.captured_at,
        BOOL_OR(c.field = 'title') AS is_retitled,
        CAST(SUM(c.words_added) AS BIGINT) AS words_added,
        CAST(SUM(c.words_removed) AS BIGINT) AS words_removed
    FROM core.changes AS c
    JOIN core.revisions AS r ON r.revision_id = c.revision_id AND r.compared_with = c.compared_with
    JOIN core.articles AS a ON a.article_id = r.article_id
    WHERE
        r.kind = 'edit'
        AND r.captured_at >= $since
        AND r.captured_at < $until
        AND c.field IN ('title', 'standfirst', 'text')
    GROUP BY ALL
),

chosen AS (
    SELECT
        *,
        COUNT(*) OVER () AS total_count
    FROM edited
    ORDER BY is_retitled DESC, words_added + words_removed DESC, captured_at DESC, revision_id
    LIMIT $limit
),

located AS (
    SELECT
        c.revision_id,
        c.field,
        c.passages,
        COALESCE(c.before, o.text) AS whole,
        CASE c.field WHEN 'text' THEN 60 ELSE 240 END AS reach
    FROM core.changes AS c
    JOIN core.revisions AS r ON r.revision_id = c.revision_id AND r.compared_with = c.compared_with
    JOIN core.revisions AS b ON b.revision_id = c.compared_with
    JOIN core.texts AS o ON o.text_sha256 = b.text_sha256
    WHERE
        c.revision_id IN (SELECT revision_id FROM chosen)
        AND c.field IN ('title', 'standfirst', 'text')
        AND c.passages IS NOT NULL
),

compared AS (
    SELECT
        c.revision_id,
        c.field,
        LEN(c.passages) AS passage_count,
        LIST_TRANSFORM(
            c.passages[:$passage_limit],
            LAMBDA p, place: {
                'lead': SUBSTRING(c.whole, GREATEST(1, p.before_offset - c.reach + 1), LEAST(c.reach, p.before_offset)),
                'is_lead_cut': p.before_offset > c.reach,
                'before': p.before,
                'after': p.after,
                'gap': SUBSTRING(
                    c.whole,
                    1 + p.before_offset + LENGTH(p.before),
                    c.passages[place + 1].before_offset - p.before_offset - LENGTH(p.before)
                )[:$gap_limit + 1],
                'trail': SUBSTRING(c.whole, 1 + p.before_offset + LENGTH(p.before), c.reach),
                'is_trail_cut': p.before_offset + LENGTH(p.before) + c.reach < LENGTH(c.whole)
            }
        ) AS passages
    FROM located AS c
),

listed AS (
    SELECT
        revision_id,
        LIST(
            {'field': field, 'passage_count': passage_count, 'passages': passages}
            ORDER BY LIST_POSITION(['title', 'standfirst', 'text'], field)
        ) AS changes
    FROM compared
    GROUP BY revision_id
)

SELECT
    e.outlet_id,
    e.captured_at,
    r.title,
    r.language,
    r.canonical_url,
    e.words_added,
    e.words_removed,
    COALESCE(l.changes, []) AS changes,
    e.article_id,
    e.total_count
FROM chosen AS e
JOIN core.revisions AS r ON r.revision_id = e.revision_id
LEFT JOIN listed AS l ON l.revision_id = e.revision_id
ORDER BY e.is_retitled DESC, e.words_added + e.words_removed DESC, e.captured_at DESC, e.revision_id
