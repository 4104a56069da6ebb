-- main.coverage, main.coverage_reasons. Grain: one outlet and UTC day of discovery (and reason).
-- Inputs: main.links. Users: analysts, checks. Always: discovered = pending + the sum over reasons.

CREATE VIEW main.coverage AS
SELECT
    outlet_id,
    CAST(first_seen_at AT TIME ZONE 'UTC' AS DATE) AS discovered_date,
    COUNT(*) AS discovered,
    COUNT(*) FILTER (state <> 'done') AS pending,
    COUNT(capture_id) AS fetched,
    COUNT(extracted_at) AS extracted,
    COUNT(article_id) AS loaded,
    COALESCE(HISTOGRAM(reason) FILTER (state = 'done'), MAP {}) AS reasons
FROM main.links
GROUP BY ALL;

COMMENT ON VIEW main.coverage IS 'What became of the links that one outlet showed on one day';
COMMENT ON COLUMN main.coverage.outlet_id IS 'The outlet';
COMMENT ON COLUMN main.coverage.discovered_date IS 'UTC day on which the links were discovered';
COMMENT ON COLUMN main.coverage.discovered IS 'Links discovered, rejected ones among them; equals pending plus the sum of reasons';
COMMENT ON COLUMN main.coverage.pending IS 'Links that are still to be fetched or extracted';
COMMENT ON COLUMN main.coverage.fetched IS 'Links with a response in the archive';
COMMENT ON COLUMN main.coverage.extracted IS 'Links with a response that was read, with whatever verdict';
COMMENT ON COLUMN main.coverage.loaded IS 'Links that lead to an article';
COMMENT ON COLUMN main.coverage.reasons IS 'Count of the links at each current reason; reasons[''http_404''], or coverage_reasons';

CREATE VIEW main.coverage_reasons AS
SELECT
    outlet_id,
    CAST(first_seen_at AT TIME ZONE 'UTC' AS DATE) AS discovered_date,
    stage,
    reason,
    COUNT(*) AS link_count
FROM main.links
WHERE state = 'done'
GROUP BY ALL;

COMMENT ON VIEW main.coverage_reasons IS 'How many links of one outlet and day ended for one reason';
COMMENT ON COLUMN main.coverage_reasons.outlet_id IS 'The outlet';
COMMENT ON COLUMN main.coverage_reasons.discovered_date IS 'UTC day on which the links were discovered';
COMMENT ON COLUMN main.coverage_reasons.stage IS 'Stage that ended them';
COMMENT ON COLUMN main.coverage_reasons.reason IS 'Their current reason';
COMMENT ON COLUMN main.coverage_reasons.link_count IS 'How many they are';
