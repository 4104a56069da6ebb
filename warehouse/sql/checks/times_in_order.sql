-- Grain: one row whose times contradict each other. Inputs: core.articles, core.links, main.runs.
-- Users: warehouse/checks.py.

SELECT
    'core.articles' AS found_in,
    CAST(article_id AS VARCHAR) AS row_id,
    'first_seen_at <= last_captured_at <= last_seen_at' AS expectation
FROM core.articles
WHERE first_seen_at > last_captured_at OR last_captured_at > last_seen_at
UNION ALL
SELECT
    'core.articles' AS found_in,
    CAST(article_id AS VARCHAR) AS row_id,
    'first_seen_at <= removed_at' AS expectation
FROM core.articles
WHERE removed_at < first_seen_at
UNION ALL
SELECT
    'core.sightings' AS found_in,
    CAST(link_id AS VARCHAR) AS row_id,
    'first_seen_at <= last_seen_at' AS expectation
FROM core.sightings
WHERE first_seen_at > last_seen_at
UNION ALL
SELECT
    'main.runs' AS found_in,
    run_id AS row_id,
    'started_at <= finished_at' AS expectation
FROM main.runs
WHERE finished_at < started_at
