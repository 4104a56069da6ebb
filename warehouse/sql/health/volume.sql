-- Grain: one outlet that was polled. Inputs: raw.polls, core.article_facts, judged (the outlets and their weeks of
-- history). Users: warehouse/health/figures.py.
-- Articles of the last seven full UTC days beside what is usual: of each day, the median of the same weekday in the
-- weeks before. Only days with a good poll count; articles older than three days when they were seen (a first poll, a
-- backfill) are no day's volume.

WITH watched AS (
    SELECT DISTINCT
        outlet_id,
        CAST(MAKE_TIMESTAMP(EPOCH_US(polled_at)) AS DATE) AS seen_date
    FROM raw.polls
    WHERE polled_at >= $from_date AND reason IN ('polled', 'not_modified', 'unchanged')
),

counted AS (
    SELECT
        outlet_id,
        seen_date,
        COUNT(*) AS article_count
    FROM core.article_facts
    WHERE seen_date >= $from_date AND (published_date IS NULL OR published_date >= seen_date - 3)
    GROUP BY ALL
),

days AS (
    SELECT
        w.outlet_id,
        ISODOW(w.seen_date) AS weekday,
        w.seen_date >= $today - 7 AS is_recent,
        COALESCE(c.article_count, 0) AS article_count
    FROM watched AS w
    JOIN judged AS j ON j.outlet_id = w.outlet_id AND w.seen_date >= $today - 7 - 7 * j.history_weeks
    LEFT JOIN counted AS c ON c.outlet_id = w.outlet_id AND c.seen_date = w.seen_date
    WHERE w.seen_date < $today
),

weekdays AS (
    SELECT
        outlet_id,
        weekday,
        MEDIAN(article_count) AS usual_count,
        COUNT(*) AS day_count
    FROM days
    WHERE NOT is_recent
    GROUP BY ALL
),

history AS (
    SELECT
        d.outlet_id,
        COUNT(*) AS history_days,
        MEDIAN(ABS(d.article_count - w.usual_count) / SQRT(GREATEST(w.usual_count, 1))) AS deviation
    FROM days AS d
    JOIN weekdays AS w ON w.outlet_id = d.outlet_id AND w.weekday = d.weekday
    WHERE NOT d.is_recent
    GROUP BY d.outlet_id
),

recent AS (
    SELECT
        d.outlet_id,
        COUNT(*) AS recent_days,
        SUM(d.article_count) AS article_count,
        SUM(w.usual_count) AS usual_count
    FROM days AS d
    JOIN weekdays AS w ON w.outlet_id = d.outlet_id AND w.weekday = d.weekday
    WHERE d.is_recent
    GROUP BY d.outlet_id
)

SELECT
    h.outlet_id,
    h.history_days,
    COALESCE(r.recent_days, 0) AS recent_days,
    CAST(COALESCE(r.article_count, 0) AS BIGINT) AS article_count,
    COALESCE(r.usual_count, 0) AS usual_count,
    GREATEST(1, POW(1.4826 * h.deviation, 2)) AS dispersion
FROM history AS h
LEFT JOIN recent AS r ON r.outlet_id = h.outlet_id
