-- Grain: one of three articles that show what a check found. Inputs: core.article_facts, core.articles,
-- core.revisions. Users: warehouse/health/evidence.py.

WITH shown AS (
    SELECT
        article_id,
        seen_date,
        word_count
    FROM core.article_facts
    WHERE
        outlet_id = $outlet_id
        AND seen_date >= $from_date
        AND CASE $check_name
            WHEN 'fill_authors' THEN LEN(authors) = 0
            WHEN 'fill_image_url' THEN NOT has_image
            WHEN 'fill_language' THEN "language" IS NULL
            WHEN 'fill_published_at' THEN published_at IS NULL
            WHEN 'fill_section' THEN "section" IS NULL
            WHEN 'fill_standfirst' THEN NOT has_standfirst
            WHEN 'fill_tags' THEN LEN(tags) = 0
            ELSE TRUE
        END
    ORDER BY seen_date DESC, CASE WHEN $check_name = 'text_length' THEN word_count END, article_id
    LIMIT 3
)

SELECT r.canonical_url AS sample
FROM shown AS s
JOIN core.articles AS a ON a.article_id = s.article_id
JOIN core.revisions AS r ON r.revision_id = a.current_revision_id
WHERE r.canonical_url IS NOT NULL
ORDER BY s.seen_date DESC, s.word_count
