-- How many articles there are to compare the words of, now and in the weeks before, and where their words are in the index;
-- by publication, else by when they were first seen. Grain: one language. Input: core.search_documents. User: the report.

SELECT
    SPLIT_PART(language, '-', 1) AS language,
    COUNT(*) FILTER (dated_at >= $since) AS recent_count,
    COUNT(*) FILTER (dated_at < $since) AS earlier_count,
    CAST(MIN(doc_id) * 8192::UBIGINT AS BIGINT) AS first_place,
    CAST((MAX(doc_id) + 1) * 8192::UBIGINT AS BIGINT) AS last_place
FROM core.search_documents
WHERE dated_at >= $before AND dated_at < $until AND language IS NOT NULL
GROUP BY ALL
ORDER BY recent_count DESC, language
