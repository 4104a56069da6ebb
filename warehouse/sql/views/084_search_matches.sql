-- main.search_ranked, search_matches: every article that a query finds, weighed by BM25.
-- Grain: one article. Inputs: core.search_postings, core.search_documents; main.search_terms, main.search_filters.
-- Users: main.search, analysts. A place is doc_id * 8192 + position; below 128 the position is one above the text.

-- BM25 with k1 = 1.2 and b = 0.75; shape is k1 * (1 - b + b * length / mean length).
CREATE MACRO main.search_saturated(occurrences, shape) AS
    2.2 * occurrences / (occurrences + shape);

COMMENT ON MACRO main.search_saturated IS 'What so many occurrences of a word are worth in BM25';

CREATE MACRO main.search_ranked(words, clitics := TRUE) AS TABLE
WITH terms AS MATERIALIZED (
    FROM main.search_terms(words, clitics := clitics)
),

items AS (
    SELECT DISTINCT
        item,
        bit,
        group_number,
        is_excluded
    FROM terms
),

choices AS (
    SELECT
        COUNT(*) AS item_count,
        COUNT(*) FILTER (NOT is_excluded) AS included_count,
        COALESCE(BIT_OR(bit) FILTER (NOT is_excluded), 0) AS bits
    FROM items
    GROUP BY group_number
),

counted AS (
    SELECT
        CAST(SUM(item_count) AS BIGINT) AS item_count,
        CAST(SUM(included_count) AS BIGINT) AS included_count,
        COALESCE(LIST(bits) FILTER (BIT_COUNT(bits) > 1), []) AS alternatives
    FROM choices
),

asked AS MATERIALIZED (
    SELECT
        f.*,
        CASE
            WHEN COALESCE(c.included_count, 0) = 0
                THEN ERROR('search: there is no word to look for in "' || COALESCE(words, '') || '"')
            WHEN c.item_count > 12
                THEN ERROR('search: ' || c.item_count || ' words and phrases are too many; 12 can be looked for at once')
            ELSE c.item_count
        END AS item_count,
        c.alternatives
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
        place,
        token_count - rare_count AS frequent_count
    FROM phrase_words
    GROUP BY
        item,
        place,
        token_count,
        rare_count
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
        r.frequent_count
    HAVING COUNT(*) = r.frequent_count
),

phrases AS (
    SELECT DISTINCT
        item,
        flags,
        first_unit,
        second_unit,
        third_unit
    FROM terms
    WHERE token_count > 1
),

phrase_starts AS (
    SELECT
        item,
        place
    FROM rare_starts
    WHERE frequent_count = 0
    UNION ALL
    FROM frequent_starts
),

hits AS (
    SELECT p.place, t.flags, t.first_unit, t.second_unit, t.third_unit
    FROM core.search_postings AS p
    JOIN (FROM terms WHERE lane = 1) AS t ON t.term_key = p.term_key
    UNION ALL
    SELECT p.place, t.flags, t.first_unit, t.second_unit, t.third_unit
    FROM core.search_postings AS p
    JOIN (FROM terms WHERE lane = 2) AS t ON t.term_key = p.term_key
    UNION ALL
    SELECT p.place, t.flags, t.first_unit, t.second_unit, t.third_unit
    FROM core.search_postings AS p
    JOIN (FROM terms WHERE lane = 3) AS t ON t.term_key = p.term_key
    UNION ALL
    SELECT
        s.place,
        t.flags,
        t.first_unit,
        t.second_unit,
        t.third_unit
    FROM phrase_starts AS s
    JOIN phrases AS t ON t.item = s.item
),

-- An occurrence above the text counts three times.
found AS MATERIALIZED (
    SELECT
        CAST(place >> 13 AS UINTEGER) AS doc_id,
        BIT_OR(flags) AS flags,
        SUM(CASE WHEN place & 8191 < 128 THEN 3 * first_unit ELSE first_unit END) AS first_counts,
        SUM(CASE WHEN place & 8191 < 128 THEN 3 * second_unit ELSE second_unit END) AS second_counts,
        SUM(CASE WHEN place & 8191 < 128 THEN 3 * third_unit ELSE third_unit END) AS third_counts
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
        COUNT(*) FILTER (flags & 1 <> 0),
        COUNT(*) FILTER (flags & 2 <> 0),
        COUNT(*) FILTER (flags & 4 <> 0),
        COUNT(*) FILTER (flags & 8 <> 0),
        COUNT(*) FILTER (flags & 16 <> 0),
        COUNT(*) FILTER (flags & 32 <> 0),
        COUNT(*) FILTER (flags & 64 <> 0),
        COUNT(*) FILTER (flags & 128 <> 0),
        COUNT(*) FILTER (flags & 256 <> 0),
        COUNT(*) FILTER (flags & 512 <> 0),
        COUNT(*) FILTER (flags & 1024 <> 0),
        COUNT(*) FILTER (flags & 2048 <> 0)
    ] AS document_counts
    FROM found
),

-- The weights of Robertson and Spaerck Jones, in the form that is never negative.
rarity AS (
    SELECT
        a.item_count,
        c.mean_token_count,
        LIST_TRANSFORM(
            s.document_counts[:a.item_count],
            LAMBDA n: LN(1 + (GREATEST(c.article_count - n, 0) + 0.5) / (n + 0.5))
        ) AS weights
    FROM asked AS a, collection AS c, spread AS s
),

matched AS (
    SELECT
        f.*,
        d.rowid AS document_row,
        d.outlet_id,
        d.language,
        d.dated_at,
        d.token_count
    FROM found AS f
    JOIN core.search_documents AS d ON d.doc_id = f.doc_id
    WHERE (f.flags & (f.flags >> 16) & 65535) = (f.flags >> 32)
),

weighed AS (
    SELECT
        m.*,
        r.weights,
        r.item_count,
        0.3 + 0.9 * m.token_count / r.mean_token_count AS shape
    FROM matched AS m, asked AS a, rarity AS r
    WHERE
        (LEN(a.alternatives) = 0 OR LEN(LIST_FILTER(a.alternatives, LAMBDA bits: bits & m.flags = 0)) = 0)
        AND (a.outlet_ids IS NULL OR LIST_CONTAINS(a.outlet_ids, m.outlet_id))
        AND (a.other_outlet_ids IS NULL OR NOT LIST_CONTAINS(a.other_outlet_ids, m.outlet_id))
        AND (a.languages IS NULL OR LIST_CONTAINS(a.languages, SPLIT_PART(LOWER(m.language), '-', 1)))
        AND (
            a.other_languages IS NULL
            OR m.language IS NULL
            OR NOT LIST_CONTAINS(a.other_languages, SPLIT_PART(LOWER(m.language), '-', 1))
        )
        AND (a.since IS NULL OR m.dated_at >= a.since)
        AND (a.until IS NULL OR m.dated_at < a.until)
)

SELECT
    doc_id,
    document_row,
    dated_at,
CASE
        WHEN item_count = 1
            THEN weights[1] * main.search_saturated(CAST(first_counts AS BIGINT) & 8191, shape)
        WHEN item_count = 2
            THEN weights[1] * main.search_saturated(CAST(first_counts AS BIGINT) & 8191, shape)
            + weights[2] * main.search_saturated((CAST(first_counts AS BIGINT) >> 13) & 8191, shape)
        ELSE COALESCE(weights[1] * main.search_saturated(CAST(first_counts AS BIGINT) & 8191, shape), 0)
            + COALESCE(weights[2] * main.search_saturated((CAST(first_counts AS BIGINT) >> 13) & 8191, shape), 0)
            + COALESCE(weights[3] * main.search_saturated((CAST(first_counts AS BIGINT) >> 26) & 8191, shape), 0)
            + COALESCE(weights[4] * main.search_saturated((CAST(first_counts AS BIGINT) >> 39) & 8191, shape), 0)
            + COALESCE(weights[5] * main.search_saturated(CAST(second_counts AS BIGINT) & 8191, shape), 0)
            + COALESCE(weights[6] * main.search_saturated((CAST(second_counts AS BIGINT) >> 13) & 8191, shape), 0)
            + COALESCE(weights[7] * main.search_saturated((CAST(second_counts AS BIGINT) >> 26) & 8191, shape), 0)
            + COALESCE(weights[8] * main.search_saturated((CAST(second_counts AS BIGINT) >> 39) & 8191, shape), 0)
            + COALESCE(weights[9] * main.search_saturated(CAST(third_counts AS BIGINT) & 8191, shape), 0)
            + COALESCE(weights[10] * main.search_saturated((CAST(third_counts AS BIGINT) >> 13) & 8191, shape), 0)
            + COALESCE(weights[11] * main.search_saturated((CAST(third_counts AS BIGINT) >> 26) & 8191, shape), 0)
            + COALESCE(weights[12] * main.search_saturated((CAST(third_counts AS BIGINT) >> 39) & 8191, shape), 0)
    END AS score
FROM weighed;

COMMENT ON MACRO TABLE main.search_ranked IS 'Every article that a query finds, by the row of core.search_documents';

CREATE MACRO main.search_matches(words, clitics := TRUE) AS TABLE
SELECT
    d.article_id,
    d.outlet_id,
    d.language,
    d.title,
    d.dated_at AS published_at,
    r.score
FROM main.search_ranked(words, clitics := clitics) AS r
JOIN core.search_documents AS d ON d.rowid = r.document_row;

COMMENT ON MACRO TABLE main.search_matches IS 'Every article that a query finds, in no order and without snippet: for counting. published_at is when it was first seen where the outlet does not say';
