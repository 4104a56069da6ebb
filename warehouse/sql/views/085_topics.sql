-- macros main.articles_that_say, main.topics_over_time, main.timeline.
-- Grain: one article; one outlet and week of publication; one article. Inputs: main.articles, core.article_facts.
-- Users: analysts.

-- The one place that finds words. It reads every text: seconds for a million, until an index stands in.
CREATE MACRO main.articles_that_say(words) AS TABLE
WITH said AS (
    SELECT
        article_id,
        LOWER(CONCAT_WS(' ', title, text)) AS said
    FROM main.articles
),

wanted AS (
    SELECT LIST_FILTER(STRING_SPLIT(LOWER(words), ' '), lambda word: word <> '') AS list
)

SELECT s.article_id
FROM said AS s
CROSS JOIN wanted AS w
WHERE
    LEN(w.list) > 0
    AND LIST_BOOL_AND(LIST_TRANSFORM(w.list, lambda word: CONTAINS(s.said, word)))
    AND LIST_HAS_ALL(REGEXP_SPLIT_TO_ARRAY(s.said, '[^\pL\pM\pN]+'), w.list);

COMMENT ON MACRO TABLE main.articles_that_say IS 'Articles whose title or text, together, hold all of some words, in any order, whole and in either case: FROM articles_that_say(''truce maran'')';

CREATE MACRO main.topics_over_time(words) AS TABLE
WITH said AS (
    FROM main.articles_that_say(words)
),

weeks AS (
    SELECT
        f.outlet_id,
        CAST(DATE_TRUNC('week', COALESCE(f.published_date, f.seen_date)) AS DATE) AS week_date,
        COUNT(s.article_id) AS article_count,
        COUNT(*) AS all_article_count
    FROM core.article_facts AS f
    LEFT JOIN said AS s ON s.article_id = f.article_id
    GROUP BY ALL
)

SELECT
    outlet_id,
    week_date,
    article_count,
    all_article_count,
    article_count / all_article_count AS share
FROM weeks;

COMMENT ON MACRO TABLE main.topics_over_time IS 'How many of an outlet''s articles of a week say some words (see articles_that_say), of how many: FROM topics_over_time(''truce''); weeks begin on Monday, by publication, else by when an article was seen; weeks in which none says them are rows too';

CREATE MACRO main.timeline(words) AS TABLE
WITH said AS (
    FROM main.articles_that_say(words)
),

told AS (
    SELECT
        f.article_id,
        f.outlet_id,
        COALESCE(f.published_at, a.first_seen_at) AS told_at,
        f.published_at,
        r.title,
        r.original_publisher,
        r.canonical_url
    FROM said AS s
    JOIN core.article_facts AS f ON f.article_id = s.article_id
    JOIN core.articles AS a ON a.article_id = s.article_id
    JOIN core.revisions AS r ON r.revision_id = a.current_revision_id
)

SELECT
    told_at,
    ROUND((EPOCH(told_at) - EPOCH(MIN(told_at) OVER ())) / 3600, 1) AS hours_after_first,
    outlet_id,
    title,
    original_publisher,
    canonical_url,
    article_id
FROM told
ORDER BY told_at, article_id;

COMMENT ON MACRO TABLE main.timeline IS 'Articles that say some words (see articles_that_say) in the order of their publication, else of when they were seen, with the hours since the first: FROM timeline(''customs officer'')';
