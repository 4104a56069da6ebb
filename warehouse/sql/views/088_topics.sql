-- macros main.topics_over_time, main.timeline: what search finds, counted by week, and in the order of time.
-- Grain: one outlet and week of publication; one article. Inputs: main.search_matches, core.article_facts.
-- Users: analysts.

CREATE MACRO main.topics_over_time(words) AS TABLE
WITH said AS (
    SELECT
        outlet_id,
        CAST(DATE_TRUNC('week', CAST(MAKE_TIMESTAMP(EPOCH_US(published_at)) AS DATE)) AS DATE) AS week_date,
        COUNT(*) AS article_count
    FROM main.search_matches(words)
    GROUP BY ALL
),

weeks AS (
    SELECT
        outlet_id,
        CAST(DATE_TRUNC('week', COALESCE(published_date, seen_date)) AS DATE) AS week_date,
        COUNT(*) AS all_article_count
    FROM core.article_facts
    GROUP BY ALL
)

SELECT
    w.outlet_id,
    w.week_date,
    COALESCE(s.article_count, 0) AS article_count,
    w.all_article_count,
    COALESCE(s.article_count, 0) / w.all_article_count AS share
FROM weeks AS w
LEFT JOIN said AS s ON s.outlet_id = w.outlet_id AND s.week_date = w.week_date;

COMMENT ON MACRO TABLE main.topics_over_time IS 'How many of an outlet''s articles of a week a query of search finds, of how many: FROM topics_over_time(''truce OR ceasefire''); weeks begin on Monday, by publication, else by when an article was first seen; weeks in which none is found are rows too';

CREATE MACRO main.timeline(words) AS TABLE
SELECT
    s.published_at AS told_at,
    ROUND((EPOCH(s.published_at) - EPOCH(MIN(s.published_at) OVER ())) / 3600, 1) AS hours_after_first,
    s.outlet_id,
    s.language,
    s.title,
    f.is_republished,
    s.article_id
FROM main.search_matches(words) AS s
JOIN core.article_facts AS f ON f.article_id = s.article_id
ORDER BY s.published_at, s.article_id;

COMMENT ON MACRO TABLE main.timeline IS 'The articles that a query of search finds in the order of their publication, else of when they were first seen, with the hours since the first one and whether another published it first: FROM timeline(''"customs officer"'')';
