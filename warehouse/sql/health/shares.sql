-- Grain: one outlet, kind (fill, language, section, failures, no_article) and item (the field, the language, ...).
-- Inputs: core.article_facts, raw.outcomes, judged. Users: warehouse/health/figures.py.
-- A share among the newest articles (or the last day's attempts) beside what is usual on the same weekdays. The newest
-- are those of today and yesterday, and of as many days before as bring recent_articles together, 14 at most. A
-- weekday's share is drawn to that of all days as far as its days are few. Dispersion says how much more than by chance
-- days differ from it.

WITH fresh AS (
    SELECT
        f.*,
        j.recent_articles,
        ISODOW(f.seen_date) AS weekday
    FROM core.article_facts AS f
    JOIN judged AS j ON j.outlet_id = f.outlet_id AND f.seen_date >= $today - 14 - 7 * j.history_weeks
    WHERE f.seen_date >= $from_date AND (f.published_date IS NULL OR f.published_date >= f.seen_date - 3)
),

daily AS (
    SELECT
        outlet_id,
        seen_date,
        ANY_VALUE(recent_articles) AS recent_articles,
        COUNT(*) AS total,
        COUNT(published_at) AS published_at,
        COUNT(*) FILTER (has_standfirst) AS standfirst,
        COUNT(*) FILTER (LEN(authors) > 0) AS authors,
        COUNT("language") AS "language",
        COUNT("section") AS "section",
        COUNT(*) FILTER (LEN(tags) > 0) AS tags,
        COUNT(*) FILTER (has_image) AS image_url
    FROM fresh
    GROUP BY outlet_id, seen_date
),

placed AS (
    SELECT
        *,
        seen_date >= $today - 1
        OR (
            seen_date >= $today - 14
            AND SUM(total) OVER (PARTITION BY outlet_id ORDER BY seen_date DESC) - total < recent_articles
        ) AS is_recent
    FROM daily
),

filled AS (
    UNPIVOT (
        SELECT outlet_id, seen_date, is_recent, total, published_at, standfirst, authors, "language", "section", tags, image_url
        FROM placed
    )
    ON published_at, standfirst, authors, "language", "section", tags, image_url
    INTO NAME item VALUE hits
),

named AS (
    SELECT outlet_id, seen_date, 'language' AS kind, "language" AS item, COUNT(*) AS hits
    FROM fresh
    WHERE "language" IS NOT NULL
    GROUP BY ALL
    UNION ALL
    SELECT outlet_id, seen_date, 'section' AS kind, "section" AS item, COUNT(*) AS hits
    FROM fresh
    WHERE "section" IS NOT NULL
    GROUP BY ALL
),

-- What is rare both now and before cannot have moved far; there may be hundreds of sections.
common AS (
    SELECT
        n.outlet_id,
        n.kind,
        n.item
    FROM named AS n
    JOIN placed AS p ON p.outlet_id = n.outlet_id AND p.seen_date = n.seen_date
    JOIN (
        SELECT outlet_id, is_recent, SUM(total) AS total FROM placed GROUP BY ALL
    ) AS t ON t.outlet_id = n.outlet_id AND t.is_recent = p.is_recent
    GROUP BY ALL
    HAVING
        COALESCE(SUM(n.hits) FILTER (p.is_recent) / ANY_VALUE(t.total) FILTER (p.is_recent), 0) >= 0.05
        OR COALESCE(SUM(n.hits) FILTER (NOT p.is_recent) / ANY_VALUE(t.total) FILTER (NOT p.is_recent), 0) >= 0.05
),

-- A language that an outlet's file promises is counted also where there is none of it.
wanted AS (
    SELECT outlet_id, kind, item FROM common
    UNION
    SELECT outlet_id, kind, item FROM promised
),

attempts AS (
    SELECT
        outlet_id,
        CASE
            WHEN occurred_at > $now - INTERVAL 24 HOURS THEN $today
            ELSE CAST(MAKE_TIMESTAMP(EPOCH_US(occurred_at)) AS DATE)
        END AS seen_date,
        COUNT(*) AS total,
        COUNT(*) FILTER (main.coverage_class(reason) = 'failed') AS failures,
        COUNT(*) FILTER (main.coverage_class(reason) IN ('no_article', 'loaded', 'revised')) AS page_count,
        COUNT(*) FILTER (main.coverage_class(reason) = 'no_article') AS no_article
    FROM raw.outcomes
    WHERE occurred_at >= $from_date AND stage <> 'discover' AND main.coverage_class(reason) IS NOT NULL
    GROUP BY ALL
),

told AS (
    SELECT outlet_id, seen_date, is_recent, 'fill' AS kind, item, hits, total FROM filled
    UNION ALL
    SELECT p.outlet_id, p.seen_date, p.is_recent, w.kind, w.item, COALESCE(n.hits, 0) AS hits, p.total
    FROM placed AS p
    JOIN wanted AS w ON w.outlet_id = p.outlet_id
    LEFT JOIN named AS n
        ON n.outlet_id = p.outlet_id AND n.seen_date = p.seen_date AND n.kind = w.kind AND n.item = w.item
    UNION ALL
    SELECT outlet_id, seen_date, seen_date = $today AS is_recent, 'failures' AS kind, '' AS item, failures AS hits, total
    FROM attempts
    WHERE seen_date <> $today - 1
    UNION ALL
    SELECT
        outlet_id, seen_date, seen_date = $today AS is_recent, 'no_article' AS kind, '' AS item,
        no_article AS hits, page_count AS total
    FROM attempts
    WHERE seen_date <> $today - 1
),

overall AS (
    SELECT
        outlet_id,
        kind,
        item,
        SUM(hits) / NULLIF(SUM(total), 0) AS share,
        SUM(total) AS total,
        COUNT(*) AS day_count
    FROM told
    WHERE NOT is_recent
    GROUP BY ALL
),

weekdays AS (
    SELECT
        t.outlet_id,
        t.kind,
        t.item,
        ISODOW(t.seen_date) AS weekday,
        (SUM(t.hits) + 20 * ANY_VALUE(o.share)) / (SUM(t.total) + 20) AS share
    FROM told AS t
    JOIN overall AS o ON o.outlet_id = t.outlet_id AND o.kind = t.kind AND o.item = t.item
    WHERE NOT t.is_recent
    GROUP BY ALL
),

compared AS (
    SELECT
        t.*,
        COALESCE(w.share, o.share) AS usual_share
    FROM told AS t
    JOIN overall AS o ON o.outlet_id = t.outlet_id AND o.kind = t.kind AND o.item = t.item
    LEFT JOIN weekdays AS w
        ON w.outlet_id = t.outlet_id AND w.kind = t.kind AND w.item = t.item AND w.weekday = ISODOW(t.seen_date)
),

spread AS (
    SELECT
        outlet_id,
        kind,
        item,
        MEDIAN(
            ABS(hits - total * usual_share) / SQRT(total * usual_share * (1 - usual_share) + 0.25)
        ) AS deviation
    FROM compared
    WHERE NOT is_recent
    GROUP BY ALL
),

recent AS (
    SELECT
        t.outlet_id,
        t.kind,
        t.item,
        SUM(t.hits) AS hits,
        SUM(t.total) AS total,
        COUNT(*) AS day_count,
        SUM(t.total * c.usual_share) / NULLIF(SUM(t.total), 0) AS usual_share
    FROM told AS t
    LEFT JOIN compared AS c
        ON c.outlet_id = t.outlet_id AND c.kind = t.kind AND c.item = t.item AND c.seen_date = t.seen_date
    WHERE t.is_recent
    GROUP BY ALL
),

-- Promises are about all that was seen in a week, old articles too.
seen AS (
    SELECT
        outlet_id,
        COUNT(*) AS total,
        COUNT(published_at) / COUNT(*) AS published_at,
        COUNT(*) FILTER (has_standfirst) / COUNT(*) AS standfirst,
        COUNT(*) FILTER (LEN(authors) > 0) / COUNT(*) AS authors,
        COUNT("language") / COUNT(*) AS "language",
        COUNT("section") / COUNT(*) AS "section",
        COUNT(*) FILTER (LEN(tags) > 0) / COUNT(*) AS tags,
        COUNT(*) FILTER (has_image) / COUNT(*) AS image_url
    FROM core.article_facts
    WHERE seen_date >= $today - 7
    GROUP BY outlet_id
),

week AS (
    SELECT outlet_id, 'fill' AS kind, item, share
    FROM (
        UNPIVOT (SELECT * EXCLUDE (total) FROM seen)
        ON published_at, standfirst, authors, "language", "section", tags, image_url
        INTO NAME item VALUE share
    )
    UNION ALL
    SELECT p.outlet_id, p.kind, p.item, COUNT(f.article_id) / ANY_VALUE(s.total) AS share
    FROM promised AS p
    JOIN seen AS s ON s.outlet_id = p.outlet_id
    LEFT JOIN core.article_facts AS f
        ON f.outlet_id = p.outlet_id
        AND f.seen_date >= $today - 7
        AND p.item = CASE p.kind WHEN 'language' THEN f.language ELSE f.section END
    GROUP BY p.outlet_id, p.kind, p.item
),

known AS (
    SELECT outlet_id, kind, item FROM recent
    UNION
    SELECT w.outlet_id, w.kind, w.item FROM week AS w JOIN judged AS j ON j.outlet_id = w.outlet_id
)

SELECT
    k.outlet_id,
    k.kind,
    k.item,
    CAST(COALESCE(r.hits, 0) AS BIGINT) AS hits,
    CAST(COALESCE(r.total, 0) AS BIGINT) AS total,
    COALESCE(r.day_count, 0) AS recent_days,
    COALESCE(r.usual_share, o.share, 0) AS usual_share,
    CAST(COALESCE(o.total, 0) AS BIGINT) AS history_total,
    COALESCE(o.day_count, 0) AS history_days,
    GREATEST(1, POW(1.4826 * COALESCE(s.deviation, 0), 2)) AS dispersion,
    w.share AS week_share
FROM known AS k
LEFT JOIN recent AS r ON r.outlet_id = k.outlet_id AND r.kind = k.kind AND r.item = k.item
LEFT JOIN overall AS o ON o.outlet_id = k.outlet_id AND o.kind = k.kind AND o.item = k.item
LEFT JOIN spread AS s ON s.outlet_id = k.outlet_id AND s.kind = k.kind AND s.item = k.item
LEFT JOIN week AS w ON w.outlet_id = k.outlet_id AND w.kind = k.kind AND w.item = k.item
