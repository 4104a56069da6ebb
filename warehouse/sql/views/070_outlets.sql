-- main.outlets, main.outlet_daily, main.outlet_health. Grain: one outlet; one outlet and UTC day; one outlet.
-- Inputs: core.outlets, core.articles, core.article_facts, core.health_*, main.polls, main.outcomes, main.hosts.
-- Users: analysts, flows/status.py.

CREATE VIEW main.outlets AS
SELECT
    outlet_id,
    name,
    homepage,
    country,
    languages,
    aliases,
    hosts,
    is_tls_verified
FROM core.outlets;

COMMENT ON VIEW main.outlets IS 'One outlet, as its file described it last';
COMMENT ON COLUMN main.outlets.outlet_id IS 'Stem of the outlet''s file';
COMMENT ON COLUMN main.outlets.name IS 'Name of the publication';
COMMENT ON COLUMN main.outlets.homepage IS 'Its home page';
COMMENT ON COLUMN main.outlets.country IS 'ISO 3166-1 alpha-2, lower case';
COMMENT ON COLUMN main.outlets.languages IS 'BCP 47 tags of the languages that it publishes in';
COMMENT ON COLUMN main.outlets.aliases IS 'Names by which others cite it';
COMMENT ON COLUMN main.outlets.hosts IS 'Hosts that are asked for it';
COMMENT ON COLUMN main.outlets.is_tls_verified IS 'Whether the certificates of its hosts are checked';

-- Days on which nothing new was seen are rows too, from an outlet's first day to the newest day of any outlet.
CREATE VIEW main.outlet_daily AS
WITH counted AS (
    SELECT
        outlet_id,
        seen_date,
        COUNT(*) AS article_count,
        COUNT(*) FILTER (is_republished) AS republished_count,
        COUNT(*) FILTER (is_removed) AS removed_count,
        SUM(later_revision_count) AS later_revision_count,
        MEDIAN(word_count) AS median_word_count,
        COUNT(published_at) / COUNT(*) AS published_at_fill,
        COUNT(*) FILTER (has_standfirst) / COUNT(*) AS standfirst_fill,
        COUNT(*) FILTER (LEN(authors) > 0) / COUNT(*) AS authors_fill,
        COUNT(language) / COUNT(*) AS language_fill,
        COUNT(section) / COUNT(*) AS section_fill,
        COUNT(*) FILTER (LEN(tags) > 0) / COUNT(*) AS tags_fill,
        COUNT(*) FILTER (has_image) / COUNT(*) AS image_url_fill
    FROM core.article_facts
    GROUP BY ALL
),

watched AS (
    SELECT
        outlet_id,
        MIN(seen_date) AS first_date,
        MAX(MAX(seen_date)) OVER () AS last_date
    FROM counted
    GROUP BY outlet_id
),

days AS (
    SELECT
        outlet_id,
        CAST(UNNEST(GENERATE_SERIES(first_date, last_date, INTERVAL 1 DAY)) AS DATE) AS seen_date
    FROM watched
)

SELECT
    d.outlet_id,
    d.seen_date,
    COALESCE(c.article_count, 0) AS article_count,
    AVG(COALESCE(c.article_count, 0)) OVER same_weekday AS usual_article_count,
    COUNT(*) OVER same_weekday AS baseline_weeks,
    COALESCE(c.republished_count, 0) AS republished_count,
    COALESCE(c.removed_count, 0) AS removed_count,
    COALESCE(c.later_revision_count, 0) AS later_revision_count,
    c.median_word_count,
    c.published_at_fill,
    c.standfirst_fill,
    c.authors_fill,
    c.language_fill,
    c.section_fill,
    c.tags_fill,
    c.image_url_fill
FROM days AS d
LEFT JOIN counted AS c ON c.outlet_id = d.outlet_id AND c.seen_date = d.seen_date
WINDOW same_weekday AS (
    PARTITION BY d.outlet_id, ISODOW(d.seen_date)
    ORDER BY d.seen_date
    ROWS BETWEEN 8 PRECEDING AND 1 PRECEDING
);

COMMENT ON VIEW main.outlet_daily IS 'Volume and fill rates of one outlet''s articles that were first seen on one day, beside what is usual on that weekday; days without any are rows too';
COMMENT ON COLUMN main.outlet_daily.outlet_id IS 'The outlet';
COMMENT ON COLUMN main.outlet_daily.seen_date IS 'UTC day on which the articles were first seen';
COMMENT ON COLUMN main.outlet_daily.article_count IS 'Articles; 0 where none was seen, also when nothing was running';
COMMENT ON COLUMN main.outlet_daily.usual_article_count IS 'Mean of article_count over the same weekday of the eight weeks before, or of as many as there are; NULL in the first week';
COMMENT ON COLUMN main.outlet_daily.baseline_weeks IS 'How many weeks that mean rests on, 8 at most';
COMMENT ON COLUMN main.outlet_daily.republished_count IS 'Articles that say that another published them first';
COMMENT ON COLUMN main.outlet_daily.removed_count IS 'Articles that are gone now';
COMMENT ON COLUMN main.outlet_daily.later_revision_count IS 'Revisions after the first one';
COMMENT ON COLUMN main.outlet_daily.median_word_count IS 'Median of the words of a text';
COMMENT ON COLUMN main.outlet_daily.published_at_fill IS 'Share of articles with a time of publication, 0 to 1';
COMMENT ON COLUMN main.outlet_daily.standfirst_fill IS 'Share with a standfirst';
COMMENT ON COLUMN main.outlet_daily.authors_fill IS 'Share with an author';
COMMENT ON COLUMN main.outlet_daily.language_fill IS 'Share with a language';
COMMENT ON COLUMN main.outlet_daily.section_fill IS 'Share with a section';
COMMENT ON COLUMN main.outlet_daily.tags_fill IS 'Share with a tag';
COMMENT ON COLUMN main.outlet_daily.image_url_fill IS 'Share with a lead image';

CREATE VIEW main.outlet_health AS
WITH known AS (
    SELECT outlet_id FROM core.outlets
    UNION
    SELECT outlet_id FROM raw.outcomes
),

polled AS (
    SELECT
        outlet_id,
        MAX(polled_at) AS last_polled_at,
        MAX(polled_at) FILTER (reason IN ('polled', 'not_modified', 'unchanged')) AS last_success_at
    FROM main.polls
    GROUP BY outlet_id
),

written AS (
    SELECT
        outlet_id,
        COUNT(*) AS article_count,
        MAX(first_seen_at) AS last_article_at,
        COUNT(*) FILTER (first_seen_at > NOW() - INTERVAL 24 HOURS) AS articles_24h,
        COUNT(*) FILTER (first_seen_at > NOW() - INTERVAL 7 DAYS) AS articles_7d
    FROM core.articles
    GROUP BY outlet_id
),

filled AS (
    SELECT
        outlet_id,
        SUM(published_at_fill * article_count) / SUM(article_count) AS published_at_fill,
        SUM(standfirst_fill * article_count) / SUM(article_count) AS standfirst_fill,
        SUM(authors_fill * article_count) / SUM(article_count) AS authors_fill,
        SUM(language_fill * article_count) / SUM(article_count) AS language_fill,
        SUM(section_fill * article_count) / SUM(article_count) AS section_fill,
        SUM(tags_fill * article_count) / SUM(article_count) AS tags_fill,
        SUM(image_url_fill * article_count) / SUM(article_count) AS image_url_fill
    FROM main.outlet_daily
    WHERE seen_date >= CAST(NOW() AT TIME ZONE 'UTC' AS DATE) - 7
    GROUP BY outlet_id
),

last_run AS (
    SELECT
        outlet_id,
        ARG_MAX(run_id, occurred_at) AS run_id
    FROM main.outcomes
    GROUP BY outlet_id
),

failed AS (
    SELECT
        o.outlet_id,
        HISTOGRAM(o.reason) AS failures
    FROM main.outcomes AS o
    JOIN last_run AS l ON l.outlet_id = o.outlet_id AND l.run_id = o.run_id
    WHERE main.is_failure(o.stage, o.reason, o.link_id)
    GROUP BY o.outlet_id
),

asked AS (
    SELECT
        outlet_id,
        UNNEST(hosts) AS host
    FROM core.outlets
),

resting AS (
    SELECT
        a.outlet_id,
        ARG_MAX(h.host, h.resting_until) AS host,
        MAX(h.resting_until) AS resting_until,
        ARG_MAX(h.resting_reason, h.resting_until) AS reason
    FROM asked AS a
    JOIN main.hosts AS h ON h.host = a.host
    WHERE h.resting_until IS NOT NULL
    GROUP BY a.outlet_id
),

judged AS (
    SELECT
        outlet_id,
        LIST(sentence ORDER BY state, check_name) FILTER (state IN ('warning', 'failing')) AS reasons
    FROM core.health_checks
    GROUP BY outlet_id
),

stated AS (
    SELECT
        outlet_id,
        MAX(changed_at) AS since,
        ARG_MAX(state, changed_at) AS state,
        ARG_MAX(reasons, changed_at) AS reasons
    FROM core.health_changes
    GROUP BY outlet_id
)

SELECT
    k.outlet_id,
    COALESCE(o.name, k.outlet_id) AS outlet_name,
    p.last_polled_at,
    p.last_success_at,
    w.last_article_at,
    (EPOCH(NOW()) - EPOCH(w.last_article_at)) / 3600 AS silence_hours,
    COALESCE(w.article_count, 0) AS article_count,
    COALESCE(w.articles_24h, 0) AS articles_24h,
    COALESCE(w.articles_7d, 0) AS articles_7d,
    f.published_at_fill,
    f.standfirst_fill,
    f.authors_fill,
    f.language_fill,
    f.section_fill,
    f.tags_fill,
    f.image_url_fill,
    l.run_id AS last_run_id,
    COALESCE(x.failures, MAP {}) AS failures,
    r.host AS resting_host,
    r.resting_until,
    r.reason AS resting_reason,
    o.is_tls_verified,
    COALESCE(s.state, CASE WHEN j.outlet_id IS NOT NULL THEN 'ok' END) AS state,
    s.since,
    CASE WHEN s.state <> 'ok' THEN COALESCE(j.reasons, s.reasons) ELSE [] END AS reasons
FROM known AS k
LEFT JOIN core.outlets AS o ON o.outlet_id = k.outlet_id
LEFT JOIN polled AS p ON p.outlet_id = k.outlet_id
LEFT JOIN written AS w ON w.outlet_id = k.outlet_id
LEFT JOIN filled AS f ON f.outlet_id = k.outlet_id
LEFT JOIN last_run AS l ON l.outlet_id = k.outlet_id
LEFT JOIN failed AS x ON x.outlet_id = k.outlet_id
LEFT JOIN resting AS r ON r.outlet_id = k.outlet_id
LEFT JOIN judged AS j ON j.outlet_id = k.outlet_id
LEFT JOIN stated AS s ON s.outlet_id = k.outlet_id;

COMMENT ON VIEW main.outlet_health IS 'How one outlet is doing now';
COMMENT ON COLUMN main.outlet_health.outlet_id IS 'The outlet';
COMMENT ON COLUMN main.outlet_health.outlet_name IS 'Its name';
COMMENT ON COLUMN main.outlet_health.last_polled_at IS 'When one of its sources was polled last, UTC';
COMMENT ON COLUMN main.outlet_health.last_success_at IS 'When a poll last succeeded, UTC';
COMMENT ON COLUMN main.outlet_health.last_article_at IS 'When its newest article was first seen, UTC';
COMMENT ON COLUMN main.outlet_health.silence_hours IS 'Hours since its newest article was first seen; NULL when there is none';
COMMENT ON COLUMN main.outlet_health.article_count IS 'All its articles';
COMMENT ON COLUMN main.outlet_health.articles_24h IS 'Articles first seen in the last 24 hours';
COMMENT ON COLUMN main.outlet_health.articles_7d IS 'Articles first seen in the last 7 days';
COMMENT ON COLUMN main.outlet_health.published_at_fill IS 'Share with a time of publication among the articles of the last 7 days, 0 to 1';
COMMENT ON COLUMN main.outlet_health.standfirst_fill IS 'Share with a standfirst among them';
COMMENT ON COLUMN main.outlet_health.authors_fill IS 'Share with an author among them';
COMMENT ON COLUMN main.outlet_health.language_fill IS 'Share with a language among them';
COMMENT ON COLUMN main.outlet_health.section_fill IS 'Share with a section among them';
COMMENT ON COLUMN main.outlet_health.tags_fill IS 'Share with a tag among them';
COMMENT ON COLUMN main.outlet_health.image_url_fill IS 'Share with a lead image among them';
COMMENT ON COLUMN main.outlet_health.last_run_id IS 'Run with its newest outcome';
COMMENT ON COLUMN main.outlet_health.failures IS 'Count of the failures in that run at each reason';
COMMENT ON COLUMN main.outlet_health.resting_host IS 'A host of it that is left alone now; of several, the one for the longest';
COMMENT ON COLUMN main.outlet_health.resting_until IS 'Until when, UTC';
COMMENT ON COLUMN main.outlet_health.resting_reason IS 'Why: challenge, or http_429 or http_5xx with a long Retry-After';
COMMENT ON COLUMN main.outlet_health.is_tls_verified IS 'Whether the certificates of its hosts are checked; NULL without its file';
COMMENT ON COLUMN main.outlet_health.state IS 'ok, warning or failing: the worst of its health_checks; NULL when it was never judged';
COMMENT ON COLUMN main.outlet_health.since IS 'Since when, UTC; NULL when it was never in another state';
COMMENT ON COLUMN main.outlet_health.reasons IS 'A sentence for each check that is not ok, the worst first';
