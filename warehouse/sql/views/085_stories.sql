-- main.republications, main.stories, main.outlet_republishing, main.republication_network.
-- Grain: one copy; one story; one outlet that copies from another one; one outlet, or one outlet that copies another.
-- Inputs: core.republications, core.articles, core.revisions, core.outlets. Users: analysts.

CREATE VIEW main.republications AS
SELECT
    p.origin_article_id,
    p.copy_article_id,
    o.outlet_id AS origin_outlet_id,
    c.outlet_id AS copy_outlet_id,
    s.published_at AS origin_published_at,
    r.published_at AS copy_published_at,
    (EPOCH(r.published_at) - EPOCH(s.published_at)) / 60 AS lag_minutes,
    p.similarity,
    p.containment,
    p.credited_by IS NOT NULL AS is_credited,
    p.credited_by,
    p.origin_reason,
    p.matched_article_id
FROM core.republications AS p
JOIN core.articles AS o ON o.article_id = p.origin_article_id
JOIN core.revisions AS s ON s.revision_id = o.current_revision_id
JOIN core.articles AS c ON c.article_id = p.copy_article_id
JOIN core.revisions AS r ON r.revision_id = c.current_revision_id;

COMMENT ON VIEW main.republications IS 'One article that is a copy of another one, of an excerpt or with additions, and the one that was published first';
COMMENT ON COLUMN main.republications.origin_article_id IS 'The first published article of the story, which is the story_id too';
COMMENT ON COLUMN main.republications.copy_article_id IS 'The copy';
COMMENT ON COLUMN main.republications.origin_outlet_id IS 'Outlet of the origin';
COMMENT ON COLUMN main.republications.copy_outlet_id IS 'Outlet of the copy; the same one where an outlet published a text twice';
COMMENT ON COLUMN main.republications.origin_published_at IS 'When the origin was published, as its outlet states, UTC';
COMMENT ON COLUMN main.republications.copy_published_at IS 'When the copy was published, as its outlet states, UTC';
COMMENT ON COLUMN main.republications.lag_minutes IS 'From the one to the other; below 0 where a source line contradicts the stated times, NULL where one is not known';
COMMENT ON COLUMN main.republications.similarity IS 'Three-word shingles that the copy and the article that it resembles have in common, of all of both, 0 to 1';
COMMENT ON COLUMN main.republications.containment IS 'The same of those of the shorter text: 1 for a mere excerpt, or a copy with a paragraph more';
COMMENT ON COLUMN main.republications.is_credited IS 'Whether the copy names the origin''s outlet';
COMMENT ON COLUMN main.republications.credited_by IS 'By what: source_line, original_url (which leads there), agency or byline; NULL where it does not';
COMMENT ON COLUMN main.republications.origin_reason IS 'Why the resembling article is the earlier one: source_line or agency (the copy names its outlet), published_at, first_seen_at (no time, or none that tells)';
COMMENT ON COLUMN main.republications.matched_article_id IS 'The article that the copy resembles: the origin, or another copy of it between the two';

CREATE VIEW main.stories AS
WITH copied AS (
    SELECT
        p.origin_article_id AS story_id,
        COUNT(*) AS copy_count,
        COUNT(p.credited_by) AS credited_copy_count,
        COUNT(DISTINCT c.outlet_id) FILTER (c.outlet_id <> o.outlet_id) AS other_outlet_count,
        COUNT(*) FILTER (c.removed_at IS NOT NULL) AS removed_copy_count,
        MAX(c.first_seen_at) AS last_seen_at,
        ARG_MIN(
            p.origin_reason,
            LIST_POSITION(['source_line', 'agency', 'published_at', 'first_seen_at'], p.origin_reason)
        ) FILTER (p.matched_article_id = p.origin_article_id) AS origin_reason
    FROM core.republications AS p
    JOIN core.articles AS c ON c.article_id = p.copy_article_id
    JOIN core.articles AS o ON o.article_id = p.origin_article_id
    GROUP BY p.origin_article_id
)

SELECT
    a.story_id,
    a.article_id AS origin_article_id,
    a.outlet_id AS origin_outlet_id,
    COALESCE(r.original_publisher, o.name, a.outlet_id) AS first_publisher,
    r.original_publisher IS NULL AS is_first_publisher_watched,
    k.origin_reason,
    r.title,
    r.language,
    r.published_at,
    a.first_seen_at,
    GREATEST(a.first_seen_at, COALESCE(k.last_seen_at, a.first_seen_at)) AS last_article_seen_at,
    1 + COALESCE(k.copy_count, 0) AS article_count,
    1 + COALESCE(k.other_outlet_count, 0) AS outlet_count,
    COALESCE(k.copy_count, 0) AS copy_count,
    COALESCE(k.credited_copy_count, 0) AS credited_copy_count,
    COALESCE(k.removed_copy_count, 0) + CAST(a.removed_at IS NOT NULL AS INTEGER) AS removed_count
FROM core.articles AS a
JOIN core.revisions AS r ON r.revision_id = a.current_revision_id
LEFT JOIN core.outlets AS o ON o.outlet_id = a.outlet_id
LEFT JOIN copied AS k ON k.story_id = a.story_id
WHERE a.story_id = a.article_id;

COMMENT ON VIEW main.stories IS 'One independent report: an article that was published first, with all its copies. Who counts stories counts no copy twice';
COMMENT ON COLUMN main.stories.story_id IS 'The story: article_id of its origin. It stays while that is the origin, and is another one when an earlier article is found';
COMMENT ON COLUMN main.stories.origin_article_id IS 'The article that was published first, of those that are known';
COMMENT ON COLUMN main.stories.origin_outlet_id IS 'Its outlet';
COMMENT ON COLUMN main.stories.first_publisher IS 'Who published it first: whom the origin itself names as its source, else its outlet';
COMMENT ON COLUMN main.stories.is_first_publisher_watched IS 'Whether that is the origin''s outlet; the article of another one is not in the warehouse';
COMMENT ON COLUMN main.stories.origin_reason IS 'The best reason why the origin was first: source_line, agency, published_at or first_seen_at; NULL without a copy';
COMMENT ON COLUMN main.stories.title IS 'Headline of the origin';
COMMENT ON COLUMN main.stories.language IS 'Its language, BCP 47';
COMMENT ON COLUMN main.stories.published_at IS 'When the origin was published, UTC';
COMMENT ON COLUMN main.stories.first_seen_at IS 'When the origin was first seen, UTC';
COMMENT ON COLUMN main.stories.last_article_seen_at IS 'When the newest of its articles was first seen, UTC';
COMMENT ON COLUMN main.stories.article_count IS 'The origin and its copies';
COMMENT ON COLUMN main.stories.outlet_count IS 'Outlets that published it';
COMMENT ON COLUMN main.stories.copy_count IS 'Its copies';
COMMENT ON COLUMN main.stories.credited_copy_count IS 'Copies that name the origin''s outlet';
COMMENT ON COLUMN main.stories.removed_count IS 'Those of its articles that are gone now';

CREATE VIEW main.outlet_republishing AS
SELECT
    origin_outlet_id,
    copy_outlet_id,
    COUNT(*) AS copy_count,
    COUNT(*) FILTER (is_credited) AS credited_count,
    COUNT(*) FILTER (is_credited) / COUNT(*) AS credited_share,
    MEDIAN(lag_minutes) AS median_lag_minutes,
    MEDIAN(similarity) AS median_similarity,
    MIN(copy_published_at) AS first_copy_at,
    MAX(copy_published_at) AS last_copy_at
FROM main.republications
WHERE origin_outlet_id <> copy_outlet_id
GROUP BY ALL;

COMMENT ON VIEW main.outlet_republishing IS 'Who copies whom: one outlet that publishes articles of another one';
COMMENT ON COLUMN main.outlet_republishing.origin_outlet_id IS 'The outlet that was first';
COMMENT ON COLUMN main.outlet_republishing.copy_outlet_id IS 'The outlet that copied';
COMMENT ON COLUMN main.outlet_republishing.copy_count IS 'Copies';
COMMENT ON COLUMN main.outlet_republishing.credited_count IS 'Copies that name the first outlet';
COMMENT ON COLUMN main.outlet_republishing.credited_share IS 'Their share, 0 to 1';
COMMENT ON COLUMN main.outlet_republishing.median_lag_minutes IS 'Median of the time from origin to copy, where both are known';
COMMENT ON COLUMN main.outlet_republishing.median_similarity IS 'Median of how alike they are, 0 to 1';
COMMENT ON COLUMN main.outlet_republishing.first_copy_at IS 'When the oldest of the copies was published, UTC';
COMMENT ON COLUMN main.outlet_republishing.last_copy_at IS 'When the newest of the copies was published, UTC';

CREATE VIEW main.republication_network AS
WITH written AS (
    SELECT outlet_id, COUNT(*) AS article_count
    FROM core.articles
    GROUP BY outlet_id
)

SELECT
    'node' AS element,
    w.outlet_id AS source_outlet_id,
    CAST(NULL AS VARCHAR) AS target_outlet_id,
    COALESCE(o.name, w.outlet_id) AS label,
    w.article_count AS weight,
    CAST(NULL AS DOUBLE) AS credited_share
FROM written AS w
LEFT JOIN core.outlets AS o ON o.outlet_id = w.outlet_id
UNION ALL
SELECT
    'edge' AS element,
    origin_outlet_id AS source_outlet_id,
    copy_outlet_id AS target_outlet_id,
    CAST(NULL AS VARCHAR) AS label,
    copy_count AS weight,
    credited_share
FROM main.outlet_republishing;

COMMENT ON VIEW main.republication_network IS 'The same as a network for charts: one node an outlet, one edge from it to each outlet that copies it';
COMMENT ON COLUMN main.republication_network.element IS 'node or edge';
COMMENT ON COLUMN main.republication_network.source_outlet_id IS 'The outlet of a node; of an edge, the one that was first';
COMMENT ON COLUMN main.republication_network.target_outlet_id IS 'Of an edge, the outlet that copied; NULL for a node';
COMMENT ON COLUMN main.republication_network.label IS 'Name of a node''s outlet; NULL for an edge';
COMMENT ON COLUMN main.republication_network.weight IS 'Articles of a node''s outlet; copies of an edge';
COMMENT ON COLUMN main.republication_network.credited_share IS 'Of an edge, the share of the copies that name the first outlet';
