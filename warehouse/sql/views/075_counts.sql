-- main.publication_lag, main.publication_hours, main.fill_rates, main.languages, main.sections, main.authors, main.tags.
-- Grain: one outlet and day of publication; one outlet, weekday and hour; one outlet, week and field; one outlet and
-- language, section, author or tag. Input: core.article_facts, so that a million articles are counted in 0.3 s.
-- Users: analysts.

-- Seven days: what is found later was found by a backfill, and tells nothing of how quickly news is seen.
CREATE VIEW main.publication_lag AS
SELECT
    outlet_id,
    published_date,
    COUNT(*) AS article_count,
    COUNT(*) FILTER (lag_minutes >= 10_080) AS late_count,
    QUANTILE_CONT(lag_minutes, 0.5) FILTER (lag_minutes < 10_080) AS p50_minutes,
    QUANTILE_CONT(lag_minutes, 0.9) FILTER (lag_minutes < 10_080) AS p90_minutes
FROM core.article_facts
WHERE lag_minutes IS NOT NULL
GROUP BY outlet_id, published_date;

COMMENT ON VIEW main.publication_lag IS 'How long after publication one outlet''s articles of one day were first seen; articles that state only a day are left out';
COMMENT ON COLUMN main.publication_lag.outlet_id IS 'The outlet';
COMMENT ON COLUMN main.publication_lag.published_date IS 'UTC day of publication';
COMMENT ON COLUMN main.publication_lag.article_count IS 'Articles';
COMMENT ON COLUMN main.publication_lag.late_count IS 'Those that were first seen seven days later or more, as by a backfill; not in the percentiles';
COMMENT ON COLUMN main.publication_lag.p50_minutes IS 'Half of the others were seen within so many minutes';
COMMENT ON COLUMN main.publication_lag.p90_minutes IS 'Nine of ten were seen within so many minutes';

CREATE VIEW main.publication_hours AS
WITH published AS (
    SELECT
        outlet_id,
        ISODOW(published_date) AS weekday,
        EPOCH_US(published_at) // 3_600_000_000 % 24 AS hour,
        lag_minutes
    FROM core.article_facts
    WHERE lag_minutes IS NOT NULL
)

SELECT
    outlet_id,
    weekday,
    hour,
    COUNT(*) AS article_count,
    QUANTILE_CONT(lag_minutes, 0.5) FILTER (lag_minutes < 10_080) AS p50_minutes,
    QUANTILE_CONT(lag_minutes, 0.9) FILTER (lag_minutes < 10_080) AS p90_minutes
FROM published
GROUP BY outlet_id, weekday, hour;

COMMENT ON VIEW main.publication_hours IS 'When in the week one outlet publishes, and how soon it is seen then; articles that state only a day are left out';
COMMENT ON COLUMN main.publication_hours.outlet_id IS 'The outlet';
COMMENT ON COLUMN main.publication_hours.weekday IS 'UTC weekday of publication, 1 Monday to 7 Sunday';
COMMENT ON COLUMN main.publication_hours.hour IS 'UTC hour of publication, 0 to 23';
COMMENT ON COLUMN main.publication_hours.article_count IS 'Articles';
COMMENT ON COLUMN main.publication_hours.p50_minutes IS 'Half of those seen within seven days were seen within so many minutes';
COMMENT ON COLUMN main.publication_hours.p90_minutes IS 'Nine of ten of them';

CREATE VIEW main.fill_rates AS
WITH counted AS (
    SELECT
        outlet_id,
        CAST(DATE_TRUNC('week', seen_date) AS DATE) AS week_date,
        COUNT(*) AS article_count,
        COUNT(published_at) AS published_at,
        COUNT(*) FILTER (has_standfirst) AS standfirst,
        COUNT(*) FILTER (has_byline) AS byline,
        COUNT(*) FILTER (LEN(authors) > 0) AS authors,
        COUNT(language) AS language,
        COUNT(section) AS section,
        COUNT(*) FILTER (LEN(tags) > 0) AS tags,
        COUNT(*) FILTER (has_image) AS image_url
    FROM core.article_facts
    GROUP BY ALL
),

by_field AS (
    UNPIVOT counted
    ON published_at, standfirst, byline, authors, language, section, tags, image_url
    INTO NAME field VALUE filled_count
)

SELECT
    outlet_id,
    week_date,
    field,
    article_count,
    filled_count,
    filled_count / article_count AS fill_rate
FROM by_field;

COMMENT ON VIEW main.fill_rates IS 'How many of one outlet''s articles of one week have one field; a rate that falls is a layout that has changed';
COMMENT ON COLUMN main.fill_rates.outlet_id IS 'The outlet';
COMMENT ON COLUMN main.fill_rates.week_date IS 'Monday of the UTC week in which the articles were first seen';
COMMENT ON COLUMN main.fill_rates.field IS 'Column of articles: published_at, standfirst, byline, authors, language, section, tags or image_url';
COMMENT ON COLUMN main.fill_rates.article_count IS 'Articles of the week';
COMMENT ON COLUMN main.fill_rates.filled_count IS 'Those that have the field; an empty list is not filled';
COMMENT ON COLUMN main.fill_rates.fill_rate IS 'Their share, 0 to 1';

CREATE VIEW main.languages AS
SELECT
    outlet_id,
    language,
    COUNT(*) AS article_count,
    COUNT(*) / SUM(COUNT(*)) OVER (PARTITION BY outlet_id) AS share,
    CAST(SUM(word_count) AS BIGINT) AS word_count,
    MIN(COALESCE(published_date, seen_date)) AS first_date,
    MAX(COALESCE(published_date, seen_date)) AS last_date
FROM core.article_facts
GROUP BY outlet_id, language;

COMMENT ON VIEW main.languages IS 'One language of one outlet, as its texts are written';
COMMENT ON COLUMN main.languages.outlet_id IS 'The outlet';
COMMENT ON COLUMN main.languages.language IS 'BCP 47; NULL where it could not be told';
COMMENT ON COLUMN main.languages.article_count IS 'Articles in it';
COMMENT ON COLUMN main.languages.share IS 'Their share of the outlet''s articles, 0 to 1';
COMMENT ON COLUMN main.languages.word_count IS 'Words of their texts';
COMMENT ON COLUMN main.languages.first_date IS 'UTC day of the first one, by publication, else by when it was seen';
COMMENT ON COLUMN main.languages.last_date IS 'UTC day of the last one';

CREATE VIEW main.sections AS
SELECT
    outlet_id,
    section,
    COUNT(*) AS article_count,
    COUNT(*) / SUM(COUNT(*)) OVER (PARTITION BY outlet_id) AS share,
    MIN(COALESCE(published_date, seen_date)) AS first_date,
    MAX(COALESCE(published_date, seen_date)) AS last_date
FROM core.article_facts
GROUP BY outlet_id, section;

COMMENT ON VIEW main.sections IS 'One section of one outlet';
COMMENT ON COLUMN main.sections.outlet_id IS 'The outlet';
COMMENT ON COLUMN main.sections.section IS 'The section, as the outlet names it; NULL where it names none';
COMMENT ON COLUMN main.sections.article_count IS 'Articles in it';
COMMENT ON COLUMN main.sections.share IS 'Their share of the outlet''s articles, 0 to 1';
COMMENT ON COLUMN main.sections.first_date IS 'UTC day of the first one, by publication, else by when it was seen';
COMMENT ON COLUMN main.sections.last_date IS 'UTC day of the last one';

CREATE VIEW main.authors AS
WITH signed AS (
    SELECT
        outlet_id,
        UNNEST(authors) AS author,
        COALESCE(published_date, seen_date) AS published_date
    FROM core.article_facts
)

SELECT
    outlet_id,
    author,
    COUNT(*) AS article_count,
    MIN(published_date) AS first_date,
    MAX(published_date) AS last_date
FROM signed
GROUP BY outlet_id, author;

COMMENT ON VIEW main.authors IS 'One author of one outlet';
COMMENT ON COLUMN main.authors.outlet_id IS 'The outlet';
COMMENT ON COLUMN main.authors.author IS 'The name, as the outlet writes it';
COMMENT ON COLUMN main.authors.article_count IS 'Articles that bear the name, alone or with others';
COMMENT ON COLUMN main.authors.first_date IS 'UTC day of the first one, by publication, else by when it was seen';
COMMENT ON COLUMN main.authors.last_date IS 'UTC day of the last one';

CREATE VIEW main.tags AS
WITH tagged AS (
    SELECT
        outlet_id,
        UNNEST(tags) AS tag,
        COALESCE(published_date, seen_date) AS published_date
    FROM core.article_facts
)

SELECT
    outlet_id,
    tag,
    COUNT(*) AS article_count,
    MIN(published_date) AS first_date,
    MAX(published_date) AS last_date
FROM tagged
GROUP BY outlet_id, tag;

COMMENT ON VIEW main.tags IS 'One tag of one outlet';
COMMENT ON COLUMN main.tags.outlet_id IS 'The outlet';
COMMENT ON COLUMN main.tags.tag IS 'The tag, as the outlet writes it';
COMMENT ON COLUMN main.tags.article_count IS 'Articles that have it';
COMMENT ON COLUMN main.tags.first_date IS 'UTC day of the first one, by publication, else by when it was seen';
COMMENT ON COLUMN main.tags.last_date IS 'UTC day of the last one';
