-- macro main.coverage_class; main.coverage, main.coverage_reasons.
-- Grain: one outlet and UTC day of discovery (and reason). Inputs: main.links. Users: analysts, checks. Always:
-- discovered = pending + loaded + revised + unchanged + no_article + gone + rejected + failed.

-- A link cannot end with any other reason: its class is NULL then, the books do not balance, and the check says so.
CREATE MACRO main.coverage_class(reason) AS
    CASE
        WHEN reason IN ('loaded', 'revised') THEN reason
        WHEN reason IN ('unchanged', 'not_modified', 'already_known') THEN 'unchanged'
        WHEN reason IN (
            'listing_page', 'consent_wall', 'paywall_stub', 'soft_404', 'live_blog_shell', 'script_only', 'too_short',
            'empty', 'further_page'
        ) THEN 'no_article'
        WHEN reason IN ('http_404', 'http_410', 'redirected_home') THEN 'gone'
        WHEN reason IN ('foreign_host', 'excluded_url', 'bad_url', 'too_old', 'robots_disallowed') THEN 'rejected'
        WHEN reason IN (
            'timeout', 'connect_error', 'tls_error', 'protocol_error', 'truncated_body', 'http_429', 'http_5xx',
            'robots_unreachable', 'http_401', 'http_403', 'http_4xx', 'too_large', 'bad_encoding', 'not_html',
            'challenge', 'private_address', 'too_many_redirects', 'not_a_feed', 'feed_parse_error', 'extract_error',
            'archive_error', 'file_error', 'incomplete'
        ) THEN 'failed'
    END;

COMMENT ON MACRO main.coverage_class IS 'The column of coverage that counts a link with this reason';

-- UTC days by arithmetic, whatever zone the session is in: AT TIME ZONE doubles the time that a million links take.
CREATE VIEW main.coverage AS
WITH classed AS (
    SELECT
        *,
        CAST(MAKE_TIMESTAMP(EPOCH_US(first_seen_at)) AS DATE) AS discovered_date,
        CASE WHEN state = 'done' THEN main.coverage_class(reason) ELSE 'pending' END AS class
    FROM main.links
)

SELECT
    outlet_id,
    discovered_date,
    COUNT(*) AS discovered,
    COUNT(*) FILTER (class = 'pending') AS pending,
    COUNT(*) FILTER (class = 'loaded') AS loaded,
    COUNT(*) FILTER (class = 'revised') AS revised,
    COUNT(*) FILTER (class = 'unchanged') AS unchanged,
    COUNT(*) FILTER (class = 'no_article') AS no_article,
    COUNT(*) FILTER (class = 'gone') AS gone,
    COUNT(*) FILTER (class = 'rejected') AS rejected,
    COUNT(*) FILTER (class = 'failed') AS failed,
    COUNT(capture_id) AS fetched,
    COUNT(extracted_at) AS extracted,
    COUNT(article_id) AS with_article,
    COALESCE(HISTOGRAM(reason) FILTER (state = 'done'), MAP {}) AS reasons
FROM classed
GROUP BY ALL;

COMMENT ON VIEW main.coverage IS 'What became of the links that one outlet showed on one day; discovered = pending + loaded + revised + unchanged + no_article + gone + rejected + failed';
COMMENT ON COLUMN main.coverage.outlet_id IS 'The outlet';
COMMENT ON COLUMN main.coverage.discovered_date IS 'UTC day on which the links were discovered';
COMMENT ON COLUMN main.coverage.discovered IS 'Links discovered, rejected ones among them';
COMMENT ON COLUMN main.coverage.pending IS 'Links that are still to be fetched or extracted';
COMMENT ON COLUMN main.coverage.loaded IS 'Links whose last news was a new article';
COMMENT ON COLUMN main.coverage.revised IS 'Links whose last news was a new revision of a known article';
COMMENT ON COLUMN main.coverage.unchanged IS 'Links that led to an article as it was known already, such as by another address';
COMMENT ON COLUMN main.coverage.no_article IS 'Links to pages that are no article: listings, stubs, walls, too little text';
COMMENT ON COLUMN main.coverage.gone IS 'Links to pages that are not there, or not any more';
COMMENT ON COLUMN main.coverage.rejected IS 'Links that are not the outlet''s, are too old, or may not be fetched';
COMMENT ON COLUMN main.coverage.failed IS 'Links that could not be fetched or read';
COMMENT ON COLUMN main.coverage.fetched IS 'Links with a response in the archive';
COMMENT ON COLUMN main.coverage.extracted IS 'Links with a response that was read, with whatever verdict';
COMMENT ON COLUMN main.coverage.with_article IS 'Links that lead to an article, whatever became of their last attempt';
COMMENT ON COLUMN main.coverage.reasons IS 'Count of the links at each current reason; reasons[''http_404''], or coverage_reasons';

CREATE VIEW main.coverage_reasons AS
SELECT
    outlet_id,
    CAST(MAKE_TIMESTAMP(EPOCH_US(first_seen_at)) AS DATE) AS discovered_date,
    main.coverage_class(reason) AS class,
    stage,
    reason,
    COUNT(*) AS link_count
FROM main.links
WHERE state = 'done'
GROUP BY ALL;

COMMENT ON VIEW main.coverage_reasons IS 'How many links of one outlet and day ended for one reason';
COMMENT ON COLUMN main.coverage_reasons.outlet_id IS 'The outlet';
COMMENT ON COLUMN main.coverage_reasons.discovered_date IS 'UTC day on which the links were discovered';
COMMENT ON COLUMN main.coverage_reasons.class IS 'Column of coverage that counts them';
COMMENT ON COLUMN main.coverage_reasons.stage IS 'Stage that ended them';
COMMENT ON COLUMN main.coverage_reasons.reason IS 'Their current reason';
COMMENT ON COLUMN main.coverage_reasons.link_count IS 'How many they are';
