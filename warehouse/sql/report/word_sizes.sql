-- How many articles there are to compare the words of, now and in the weeks before; by publication, else by when they were
-- first seen. Grain: one language. Input: core.search_documents. User: the report.

SELECT
    SPLIT_PART(language, '-', 1) AS language,
    COUNT(*) FILTER (dated_at >= $since) AS recent_count,
    COUNT(*) FILTER (dated_at < $since) AS earlier_count
FROM core.search_documents
WHERE dated_at >= $before AND dated_at < $until AND language IS NOT NULL
GROUP BY ALL
ORDER BY recent_count DESC, language
