-- Stories that several articles tell, one of which was first seen in the period: first those that most outlets have. Each
-- with its copies in the order of publication. Grain: one story. Inputs: main.stories, main.republications,
-- core.articles, core.revisions. User: the report.

WITH chosen AS (
    SELECT
        *,
        COUNT(*) OVER () AS total_count
    FROM main.stories
    WHERE copy_count > 0 AND last_article_seen_at >= $since AND last_article_seen_at < $until
    ORDER BY outlet_count DESC, copy_count DESC, last_article_seen_at DESC, story_id
    LIMIT $limit
),

copied AS (
    SELECT
        p.origin_article_id AS story_id,
        LIST(
            {
                'outlet_id': p.copy_outlet_id,
                'title': r.title,
                'language': r.language,
                'canonical_url': r.canonical_url,
                'published_at': p.copy_published_at,
                'lag_minutes': p.lag_minutes,
                'credited_by': p.credited_by,
                'similarity': p.similarity,
                'is_removed': a.removed_at IS NOT NULL
            }
            ORDER BY p.copy_published_at NULLS LAST, p.copy_article_id
        )[:$copy_limit] AS copies
    FROM main.republications AS p
    JOIN core.articles AS a ON a.article_id = p.copy_article_id
    JOIN core.revisions AS r ON r.revision_id = a.current_revision_id
    WHERE p.origin_article_id IN (SELECT story_id FROM chosen)
    GROUP BY p.origin_article_id
)

SELECT
    s.story_id,
    s.origin_outlet_id,
    s.first_publisher,
    s.is_first_publisher_watched,
    s.origin_reason,
    s.title,
    s.language,
    r.canonical_url,
    s.published_at,
    s.outlet_count,
    s.copy_count,
    s.credited_copy_count,
    k.copies,
    s.total_count
FROM chosen AS s
JOIN copied AS k ON k.story_id = s.story_id
JOIN core.articles AS a ON a.article_id = s.story_id
JOIN core.revisions AS r ON r.revision_id = a.current_revision_id
ORDER BY s.outlet_count DESC, s.copy_count DESC, s.last_article_seen_at DESC, s.story_id
