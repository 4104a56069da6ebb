-- Words that a greater share of articles says than in the weeks before: log-odds of the two shares, in standard errors.
-- Of many articles a sample is read, the same one each time. Forms of an Arabic word with and without what is written
-- before it count as one. Articles are dated by publication, else by when they were first seen. The places are those of
-- word_sizes: as constants they keep segments of other times from being read.
-- Grain: one word. Inputs: core.search_documents, core.search_postings, core.articles, core.revisions, core.texts.
-- User: the report.

WITH documents AS (
    SELECT
        doc_id,
        article_id,
        outlet_id,
        text_number,
        dated_at >= $since AS is_recent
    FROM core.search_documents
    WHERE
        dated_at >= $before
        AND dated_at < $until
        AND (language = $language OR STARTS_WITH(language, $language || '-'))
    QUALIFY ROW_NUMBER() OVER (PARTITION BY dated_at >= $since ORDER BY HASH(article_id)) <= $sample
),

sizes AS (
    SELECT
        COUNT(*) FILTER (is_recent) AS recent_size,
        COUNT(*) FILTER (NOT is_recent) AS earlier_size
    FROM documents
),

-- The upper half of a key is that of a word without what Arabic writes before it. Positions below 128 are above the text.
said AS (
    SELECT
        p.term_key >> 32 AS stem,
        d.doc_id,
        d.is_recent,
        CAST(MIN(p.place % 8192) AS BIGINT) AS position
    FROM core.search_postings AS p
    JOIN documents AS d ON d.doc_id = p.place // 8192
    WHERE p.place >= CAST($first_place AS UBIGINT) AND p.place < CAST($last_place AS UBIGINT)
    GROUP BY ALL
),

counted AS (
    SELECT
        stem,
        COUNT(*) FILTER (is_recent) AS recent_count,
        COUNT(*) FILTER (NOT is_recent) AS earlier_count,
        ARG_MAX(doc_id, position) FILTER (is_recent) AS doc_id
    FROM said
    GROUP BY stem
    HAVING COUNT(*) FILTER (is_recent) >= $least
),

weighed AS (
    SELECT
        c.*,
        s.*,
        (
            LN((c.recent_count + 0.5) / (s.recent_size - c.recent_count + 0.5))
            - LN((c.earlier_count + 0.5) / (s.earlier_size - c.earlier_count + 0.5))
        ) / SQRT(
            1 / (c.recent_count + 0.5) + 1 / (s.recent_size - c.recent_count + 0.5)
            + 1 / (c.earlier_count + 0.5) + 1 / (s.earlier_size - c.earlier_count + 0.5)
        ) AS rise
    FROM counted AS c, sizes AS s
    WHERE
        s.earlier_size > 0
        AND c.stem NOT IN (
            SELECT main.search_key(main.search_fold(UNNEST(LIST_CONCAT($stop_words, main.search_stop_words())))) >> 32
        )
),

risen AS (
    SELECT *
    FROM weighed
    WHERE rise >= 2
    ORDER BY rise DESC, stem
    LIMIT 4 * $limit
),

-- The index knows keys alone; an article that says the word spells it.
spelled AS (
    SELECT
        w.*,
        d.article_id,
        d.outlet_id,
        r.title,
        r.language,
        r.canonical_url,
        CASE
            WHEN p.position >= 128
                THEN REGEXP_EXTRACT_ALL(t.text, main.search_pattern())[p.position - 127]
            ELSE REGEXP_EXTRACT_ALL(
                CONCAT_WS(CHR(10), r.kicker, r.title, r.standfirst), main.search_pattern()
            )[p.position + 1]
        END AS word
    FROM risen AS w
    JOIN said AS p ON p.stem = w.stem AND p.doc_id = w.doc_id
    JOIN documents AS d ON d.doc_id = w.doc_id
    JOIN core.articles AS a ON a.article_id = d.article_id
    JOIN core.revisions AS r ON r.revision_id = a.current_revision_id
    JOIN core.texts AS t ON t.text_number = d.text_number
),

outlets AS (
    SELECT
        p.stem,
        COUNT(DISTINCT d.outlet_id) AS outlet_count
    FROM said AS p
    JOIN documents AS d ON d.doc_id = p.doc_id AND d.is_recent
    WHERE p.stem IN (SELECT stem FROM risen)
    GROUP BY p.stem
)

SELECT
    s.word,
    s.rise,
    s.recent_count,
    s.recent_size,
    s.earlier_count,
    s.earlier_size,
    o.outlet_count,
    s.outlet_id,
    s.title,
    s.language,
    s.canonical_url,
    s.article_id
FROM spelled AS s
JOIN outlets AS o ON o.stem = s.stem
WHERE
    main.search_key(main.search_fold(s.word)) >> 32 = s.stem
    AND LENGTH(s.word) > 2
    AND NOT REGEXP_MATCHES(s.word, '\d')
ORDER BY s.rise DESC, s.word
LIMIT $limit
