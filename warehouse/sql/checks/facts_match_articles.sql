-- Grain: one article whose facts are missing, doubled, or not those of its current revision.
-- Inputs: core.article_facts, core.articles, core.revisions, core.texts. Users: warehouse/checks.py.

WITH expected AS (
    SELECT
        a.article_id,
        a.outlet_id,
        CAST(MAKE_TIMESTAMP(EPOCH_US(a.first_seen_at)) AS DATE) AS seen_date,
        r.published_at,
        CAST(MAKE_TIMESTAMP(EPOCH_US(r.published_at)) AS DATE) AS published_date,
        CASE
            WHEN r.published_precision <> 'day'
                THEN GREATEST(0, EPOCH_US(a.first_seen_at) - EPOCH_US(r.published_at)) // 60_000_000
        END AS lag_minutes,
        r.language,
        r.section,
        r.authors,
        r.tags,
        t.word_count,
        a.revision_count - 1 AS later_revision_count,
        r.standfirst IS NOT NULL AS has_standfirst,
        r.byline IS NOT NULL AS has_byline,
        r.image_url IS NOT NULL AS has_image,
        r.original_publisher IS NOT NULL AS is_republished,
        a.removed_at IS NOT NULL AS is_removed
    FROM core.articles AS a
    JOIN core.revisions AS r ON r.revision_id = a.current_revision_id
    JOIN core.texts AS t ON t.text_sha256 = r.text_sha256
),

compared AS (
    SELECT
        e.article_id,
        COUNT(f.article_id) AS row_count,
        COUNT(f.article_id) FILTER (
            ROW(
                e.outlet_id, e.seen_date, e.published_at, e.published_date, e.lag_minutes, e.language, e.section,
                e.authors, e.tags, e.word_count, e.later_revision_count, e.has_standfirst, e.has_byline, e.has_image,
                e.is_republished, e.is_removed
            ) IS NOT DISTINCT FROM ROW(
                f.outlet_id, f.seen_date, f.published_at, f.published_date, f.lag_minutes, f.language, f.section,
                f.authors, f.tags, f.word_count, f.later_revision_count, f.has_standfirst, f.has_byline, f.has_image,
                f.is_republished, f.is_removed
            )
        ) AS true_count
    FROM expected AS e
    LEFT JOIN core.article_facts AS f ON f.article_id = e.article_id
    GROUP BY e.article_id
)

SELECT
    article_id,
    row_count,
    true_count
FROM compared
WHERE row_count <> 1 OR true_count <> 1
UNION ALL
SELECT
    f.article_id,
    1 AS row_count,
    0 AS true_count
FROM core.article_facts AS f
ANTI JOIN core.articles AS a ON a.article_id = f.article_id
