-- Grain: one outlet with new articles. Inputs: core.article_facts, judged. Users: warehouse/health/figures.py.
-- The median length of the newest texts (see shares.sql) beside what is usual on the same weekdays. Lengths spread by
-- factors, so all is reckoned in logarithms; article_spread is that of single articles, dispersion how much more than
-- by chance the days' medians differ.

WITH fresh AS (
    SELECT
        f.outlet_id,
        f.seen_date,
        ISODOW(f.seen_date) AS weekday,
        LN(GREATEST(f.word_count, 1)) AS log_words,
        j.recent_articles
    FROM core.article_facts AS f
    JOIN judged AS j ON j.outlet_id = f.outlet_id AND f.seen_date >= $today - 14 - 7 * j.history_weeks
    WHERE f.seen_date >= $from_date AND (f.published_date IS NULL OR f.published_date >= f.seen_date - 3)
),

daily AS (
    SELECT
        outlet_id,
        seen_date,
        weekday,
        COUNT(*) AS total,
        MEDIAN(log_words) AS middle,
        seen_date >= $today - 1
        OR (
            seen_date >= $today - 14
            AND SUM(COUNT(*)) OVER (PARTITION BY outlet_id ORDER BY seen_date DESC) - COUNT(*)
                < ANY_VALUE(recent_articles)
        ) AS is_recent
    FROM fresh
    GROUP BY outlet_id, seen_date, weekday
),

placed AS (
    SELECT
        f.outlet_id,
        f.weekday,
        f.log_words,
        d.is_recent
    FROM fresh AS f
    JOIN daily AS d ON d.outlet_id = f.outlet_id AND d.seen_date = f.seen_date
),

overall AS (
    SELECT
        outlet_id,
        MEDIAN(log_words) AS middle,
        COUNT(*) AS total
    FROM placed
    WHERE NOT is_recent
    GROUP BY outlet_id
),

weekdays AS (
    SELECT
        p.outlet_id,
        p.weekday,
        (COUNT(*) * MEDIAN(p.log_words) + 20 * ANY_VALUE(o.middle)) / (COUNT(*) + 20) AS middle
    FROM placed AS p
    JOIN overall AS o ON o.outlet_id = p.outlet_id
    WHERE NOT p.is_recent
    GROUP BY p.outlet_id, p.weekday
),

spread AS (
    SELECT
        p.outlet_id,
        GREATEST(0.1, 1.4826 * MEDIAN(ABS(p.log_words - w.middle))) AS article_spread
    FROM placed AS p
    JOIN weekdays AS w ON w.outlet_id = p.outlet_id AND w.weekday = p.weekday
    WHERE NOT p.is_recent
    GROUP BY p.outlet_id
),

dispersed AS (
    SELECT
        d.outlet_id,
        COUNT(*) AS history_days,
        MEDIAN(ABS(d.middle - w.middle) * SQRT(d.total) / (1.2533 * s.article_spread)) AS deviation
    FROM daily AS d
    JOIN weekdays AS w ON w.outlet_id = d.outlet_id AND w.weekday = d.weekday
    JOIN spread AS s ON s.outlet_id = d.outlet_id
    WHERE NOT d.is_recent
    GROUP BY d.outlet_id
),

expected AS (
    SELECT
        d.outlet_id,
        COUNT(*) AS day_count,
        SUM(d.total * COALESCE(w.middle, o.middle)) / SUM(d.total) AS middle
    FROM daily AS d
    LEFT JOIN weekdays AS w ON w.outlet_id = d.outlet_id AND w.weekday = d.weekday
    LEFT JOIN overall AS o ON o.outlet_id = d.outlet_id
    WHERE d.is_recent
    GROUP BY d.outlet_id
),

recent AS (
    SELECT
        outlet_id,
        MEDIAN(log_words) AS middle,
        COUNT(*) AS total
    FROM placed
    WHERE is_recent
    GROUP BY outlet_id
),

-- A promise is about all that was seen in a week, old articles too.
week AS (
    SELECT
        f.outlet_id,
        MEDIAN(f.word_count) AS week_words
    FROM core.article_facts AS f
    JOIN judged AS j ON j.outlet_id = f.outlet_id
    WHERE f.seen_date >= $today - 7
    GROUP BY f.outlet_id
)

SELECT
    COALESCE(w.outlet_id, r.outlet_id) AS outlet_id,
    w.week_words,
    CAST(COALESCE(r.total, 0) AS BIGINT) AS total,
    COALESCE(e.day_count, 0) AS recent_days,
    EXP(r.middle) AS median_words,
    EXP(e.middle) AS usual_words,
    CAST(COALESCE(o.total, 0) AS BIGINT) AS history_total,
    COALESCE(x.history_days, 0) AS history_days,
    s.article_spread,
    GREATEST(1, POW(1.4826 * COALESCE(x.deviation, 0), 2)) AS dispersion
FROM week AS w
FULL JOIN recent AS r ON r.outlet_id = w.outlet_id
LEFT JOIN overall AS o ON o.outlet_id = r.outlet_id
LEFT JOIN expected AS e ON e.outlet_id = r.outlet_id
LEFT JOIN spread AS s ON s.outlet_id = r.outlet_id
LEFT JOIN dispersed AS x ON x.outlet_id = r.outlet_id
