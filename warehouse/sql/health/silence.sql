-- Grain: one outlet that was polled. Inputs: raw.polls, core.articles. Users: warehouse/health/figures.py.
-- How long nothing new has come, up to now and up to the last good poll, and how long that has lasted before: the second longest gap, so that one holiday or
-- one outage of ours teaches nothing. Gaps of a day or more lie between two days, so the days' edges tell them; days
-- without a good poll are not counted in them.

WITH asked AS (
    SELECT
        outlet_id,
        CAST(MAKE_TIMESTAMP(EPOCH_US(polled_at)) AS DATE) AS polled_date,
        MIN(polled_at) AS first_polled_at,
        MAX(polled_at) FILTER (reason IN ('polled', 'not_modified', 'unchanged')) AS good_at
    FROM raw.polls
    WHERE polled_at >= $from_date
    GROUP BY ALL
),

polled AS (
    SELECT
        outlet_id,
        polled_date
    FROM asked
    WHERE good_at IS NOT NULL
),

watched AS (
    SELECT
        outlet_id,
        MIN(first_polled_at) AS first_polled_at,
        MAX(good_at) AS good_at,
        COUNT(good_at) AS watched_days
    FROM asked
    GROUP BY outlet_id
),

seen AS (
    SELECT
        outlet_id,
        MAX(first_seen_at) AS last_article_at,
        COUNT(*) FILTER (first_seen_at > $now - INTERVAL 7 DAYS) AS week_count
    FROM core.articles
    GROUP BY outlet_id
),

days AS (
    SELECT
        outlet_id,
        CAST(MAKE_TIMESTAMP(EPOCH_US(first_seen_at)) AS DATE) AS seen_date,
        MIN(first_seen_at) AS first_at,
        MAX(first_seen_at) AS last_at
    FROM core.articles
    WHERE first_seen_at >= $from_date
    GROUP BY ALL
),

gaps AS (
    SELECT
        outlet_id,
        LAG(seen_date) OVER earlier AS from_date,
        seen_date AS until_date,
        (EPOCH(first_at) - EPOCH(LAG(last_at) OVER earlier)) / 3600 AS gap_hours
    FROM days
    WINDOW earlier AS (PARTITION BY outlet_id ORDER BY seen_date)
),

watched_gaps AS (
    SELECT
        g.outlet_id,
        MIN(g.gap_hours) - 24 * (MIN(g.until_date - g.from_date) - 1 - COUNT(p.polled_date)) AS gap_hours
    FROM gaps AS g
    LEFT JOIN polled AS p
        ON p.outlet_id = g.outlet_id AND p.polled_date > g.from_date AND p.polled_date < g.until_date
    WHERE g.gap_hours > 12
    GROUP BY g.outlet_id, g.until_date
),

longest AS (
    SELECT
        outlet_id,
        COALESCE(LIST(gap_hours ORDER BY gap_hours DESC)[2], 0) AS usual_gap_hours
    FROM watched_gaps
    GROUP BY outlet_id
)

SELECT
    w.outlet_id,
    (EPOCH($now) - EPOCH(w.first_polled_at)) / 3600 AS watched_hours,
    w.watched_days,
    (EPOCH($now) - EPOCH(s.last_article_at)) / 3600 AS silence_hours,
    (EPOCH(w.good_at) - EPOCH(GREATEST(s.last_article_at, w.first_polled_at))) / 3600 AS known_silence_hours,
    COALESCE(l.usual_gap_hours, 0) AS usual_gap_hours,
    COALESCE(s.week_count, 0) AS week_count
FROM watched AS w
LEFT JOIN seen AS s ON s.outlet_id = w.outlet_id
LEFT JOIN longest AS l ON l.outlet_id = w.outlet_id
