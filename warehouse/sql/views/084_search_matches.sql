-- main.search_found, search_matches: every article that a query finds, weighed by BM25.
-- Grain: one article. Inputs: core.search_postings, core.search_documents; main.search_terms, main.search_filters.
-- Users: main.search, analysts. A place is doc_id * 8192 + position; below 128 the position is one above the text.

CREATE MACRO main.search_found(words, clitics := TRUE) AS TABLE
WITH terms AS MATERIALIZED (
    FROM main.search_terms(words, clitics := clitics)
),

items AS (
    SELECT DISTINCT
        item,
        group_number,
        is_excluded
    FROM terms
),

choices AS (
    SELECT BIT_OR(1::UINTEGER << CAST(item AS UINTEGER)) AS bits
    FROM items
    WHERE NOT is_excluded
    GROUP BY group_number
),

counted AS (
    SELECT
        COUNT(*) AS item_count,
        COUNT(*) FILTER (NOT is_excluded) AS included_count,
        COALESCE(BIT_OR(1::UINTEGER << CAST(item AS UINTEGER)) FILTER (is_excluded), 0) AS excluded
    FROM items
),

asked AS MATERIALIZED (
    SELECT
        f.*,
        CASE
            WHEN c.included_count = 0
                THEN ERROR('search: there is no word to look for in "' || COALESCE(words, '') || '"')
            WHEN c.item_count > 12
                THEN ERROR('search: ' || c.item_count || ' words and phrases are too many; 12 can be looked for at once')
            ELSE c.item_count
        END AS item_count,
        c.excluded,
        (SELECT COALESCE(BIT_OR(bits), 0) FROM choices WHERE BIT_COUNT(bits) = 1) AS required,
        (SELECT COALESCE(LIST(bits), []) FROM choices WHERE BIT_COUNT(bits) > 1) AS alternatives
    FROM counted AS c, main.search_filters(words) AS f
),

phrase_words AS (
    SELECT t.item, t.token_count, t.rare_count, p.place - t.token_offset AS place
    FROM core.search_postings AS p
    JOIN (FROM terms WHERE lane = 11) AS t ON t.term_key = p.term_key
    UNION ALL
    SELECT t.item, t.token_count, t.rare_count, p.place - t.token_offset AS place
    FROM core.search_postings AS p
    JOIN (FROM terms WHERE lane = 12) AS t ON t.term_key = p.term_key
    UNION ALL
    SELECT t.item, t.token_count, t.rare_count, p.place - t.token_offset AS place
    FROM core.search_postings AS p
    JOIN (FROM terms WHERE lane = 13) AS t ON t.term_key = p.term_key
),

-- Where all words of a phrase, but for the frequent ones, would begin it at the same place.
rare_starts AS (
    SELECT
        item,
        token_count,
        rare_count,
        place
    FROM phrase_words
    GROUP BY ALL
    HAVING COUNT(*) = rare_count
),

frequent_starts AS (
    SELECT
        r.item,
        r.place
    FROM rare_starts AS r
    JOIN (
        SELECT t.item, p.place - t.token_offset AS place
        FROM core.search_postings AS p
        JOIN (FROM terms WHERE lane = 21) AS t ON t.term_key = p.term_key
    ) AS f ON f.item = r.item AND f.place = r.place
    GROUP BY
        r.item,
        r.place,
        r.token_count,
        r.rare_count
    HAVING COUNT(*) = r.token_count - r.rare_count
),

hits AS (
    SELECT t.item, p.place
    FROM core.search_postings AS p
    JOIN (FROM terms WHERE lane = 1) AS t ON t.term_key = p.term_key
    UNION ALL
    SELECT t.item, p.place
    FROM core.search_postings AS p
    JOIN (FROM terms WHERE lane = 2) AS t ON t.term_key = p.term_key
    UNION ALL
    SELECT t.item, p.place
    FROM core.search_postings AS p
    JOIN (FROM terms WHERE lane = 3) AS t ON t.term_key = p.term_key
    UNION ALL
    SELECT
        item,
        place
    FROM rare_starts
    WHERE rare_count = token_count
    UNION ALL
    FROM frequent_starts
),

-- Occurrences of up to twelve items are counted in one number, ten bits each; one above the text counts three times.
found AS MATERIALIZED (
    SELECT
        CAST(place >> 13 AS UINTEGER) AS doc_id,
        BIT_OR(1::UINTEGER << CAST(item AS UINTEGER)) AS present,
        SUM(CAST(CASE WHEN place & 8191 < 128 THEN 3 ELSE 1 END AS HUGEINT) << CAST(10 * item AS HUGEINT)) AS counts
    FROM hits
    GROUP BY ALL
),

collection AS (
    SELECT
        COUNT(*) AS article_count,
        AVG(token_count) AS mean_token_count
    FROM core.search_documents
),

spread AS (
    SELECT [
        COUNT(*) FILTER (present & 1 <> 0),
        COUNT(*) FILTER (present & 2 <> 0),
        COUNT(*) FILTER (present & 4 <> 0),
        COUNT(*) FILTER (present & 8 <> 0),
        COUNT(*) FILTER (present & 16 <> 0),
        COUNT(*) FILTER (present & 32 <> 0),
        COUNT(*) FILTER (present & 64 <> 0),
        COUNT(*) FILTER (present & 128 <> 0),
        COUNT(*) FILTER (present & 256 <> 0),
        COUNT(*) FILTER (present & 512 <> 0),
        COUNT(*) FILTER (present & 1024 <> 0),
        COUNT(*) FILTER (present & 2048 <> 0)
    ] AS document_counts
    FROM found
),

-- The weights of Robertson and Spaerck Jones, in the form that is never negative.
rarity AS (
    SELECT
        c.mean_token_count,
        LIST_TRANSFORM(
            s.document_counts[:a.item_count],
            LAMBDA n: LN(1 + (GREATEST(c.article_count - n, 0) + 0.5) / (n + 0.5))
        ) AS weights
    FROM asked AS a, collection AS c, spread AS s
)

SELECT
    d.doc_id,
    d.article_id,
    d.outlet_id,
    d.language,
    d.title,
    d.dated_at AS published_at,
    -- BM25 with k1 = 1.2 and b = 0.75.
    LIST_SUM(LIST_TRANSFORM(
        LIST_TRANSFORM(r.weights, LAMBDA weight, i: {
            'weight': weight,
            'count': CAST((f.counts >> CAST(10 * (i - 1) AS HUGEINT)) & 1023 AS DOUBLE)
        }),
        LAMBDA each: each.weight * 2.2 * each.count / (each.count + 0.3 + 0.9 * d.token_count / r.mean_token_count)
    )) AS score,
    d.text_number
FROM found AS f
JOIN core.search_documents AS d ON d.doc_id = f.doc_id
CROSS JOIN asked AS a
CROSS JOIN rarity AS r
WHERE
    f.present & a.required = a.required
    AND f.present & a.excluded = 0
    AND (LEN(a.alternatives) = 0 OR LEN(LIST_FILTER(a.alternatives, LAMBDA bits: bits & f.present = 0)) = 0)
    AND (a.outlet_ids IS NULL OR LIST_CONTAINS(a.outlet_ids, d.outlet_id))
    AND (a.other_outlet_ids IS NULL OR NOT LIST_CONTAINS(a.other_outlet_ids, d.outlet_id))
    AND (a.languages IS NULL OR LIST_CONTAINS(a.languages, SPLIT_PART(LOWER(d.language), '-', 1)))
    AND (
        a.other_languages IS NULL
        OR d.language IS NULL
        OR NOT LIST_CONTAINS(a.other_languages, SPLIT_PART(LOWER(d.language), '-', 1))
    )
    AND (a.since IS NULL OR d.dated_at >= a.since)
    AND (a.until IS NULL OR d.dated_at < a.until);

COMMENT ON MACRO TABLE main.search_found IS 'Every article that a query finds, with what leads to its text';

CREATE MACRO main.search_matches(words, clitics := TRUE) AS TABLE
SELECT
    article_id,
    outlet_id,
    language,
    title,
    published_at,
    score
FROM main.search_found(words, clitics := clitics);

COMMENT ON MACRO TABLE main.search_matches IS 'Every article that a query finds, in no order and without snippet: for counting. published_at is when it was first seen where the outlet does not say';
