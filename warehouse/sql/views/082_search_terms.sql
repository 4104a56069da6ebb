-- main.search_terms, main.search_filters: what somebody asks for, read into words to look up and filters.
-- Grain: one written form of one word of one item (a word or a phrase); the filters of one query.
-- Inputs: core.outlets, core.search_documents (to name outlets that there are). Users: main.search_ranked,
-- main.search.

-- Pieces are told apart by what stands before them: a minus, the name of a filter, a quotation mark.
CREATE MACRO main.search_pieces(words) AS TABLE
WITH found AS (
    SELECT REGEXP_EXTRACT_ALL(
        TRANSLATE(COALESCE(words, ''), '“”„«»', '"""""'), '-?(?:[A-Za-z_]+:)?(?:"[^"]*"?|[^\s"]+)'
    ) AS pieces
),

placed AS (
    SELECT
        UNNEST(pieces) AS piece,
        GENERATE_SUBSCRIPTS(pieces, 1) AS piece_number
    FROM found
)

SELECT
    piece_number,
    piece,
    STARTS_WITH(piece, '-') AS is_excluded,
    LOWER(REGEXP_EXTRACT(piece, '^-?([A-Za-z_]+):', 1)) AS filter,
    TRIM(REGEXP_REPLACE(piece, '^-?(?:[A-Za-z_]+:)?', ''), '"') AS wanted,
    piece = 'OR' AS is_or
FROM placed;

COMMENT ON MACRO TABLE main.search_pieces IS 'The pieces of a query: words, phrases, filters, OR';

CREATE MACRO main.search_terms(words, clitics := TRUE) AS TABLE
WITH read AS (
    SELECT
        piece_number,
        is_excluded,
        is_or,
        LIST_TRANSFORM(REGEXP_EXTRACT_ALL(wanted, main.search_pattern()), LAMBDA token: main.search_fold(token)) AS tokens
    FROM main.search_pieces(words)
    WHERE filter = ''
),

-- What OR joins to the piece before it belongs to that piece's group.
joined AS (
    SELECT
        *,
        LAG(is_or, 1, FALSE) OVER (ORDER BY piece_number) AS is_alternative
    FROM read
    WHERE is_or OR LEN(tokens) > 0
),

grouped AS (
    SELECT
        piece_number,
        is_excluded,
        tokens,
        LIST_FILTER(tokens, LAMBDA token: NOT LIST_CONTAINS(main.search_stop_words(), token)) AS rare_tokens,
        SUM(CASE WHEN is_alternative THEN 0 ELSE 1 END) OVER (ORDER BY piece_number) AS group_number
    FROM joined
    WHERE NOT is_or
),

-- Words that every article has say nothing beside others.
kept AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY piece_number) - 1 AS item
    FROM grouped
    WHERE
        LEN(tokens) > 1
        OR LEN(rare_tokens) > 0
        OR is_excluded
        OR NOT EXISTS (SELECT 1 FROM grouped WHERE NOT is_excluded AND LEN(rare_tokens) > 0)
),

-- What an article must have of the query, as bits of items: a mask, and what has to be left under it. They travel with
-- each occurrence in one number: its own bit, sixteen bits higher the mask, another sixteen higher what is left.
masked AS (
    SELECT
        *,
        1::UINTEGER << CAST(item AS UINTEGER) AS bit,
        NOT is_excluded
        AND COUNT(*) FILTER (NOT is_excluded) OVER (PARTITION BY group_number) = 1 AS is_required
    FROM kept
),

spelled AS (
    SELECT
        item,
        bit,
        CAST(bit AS UBIGINT)
        | (CAST(BIT_OR(CASE WHEN is_required OR is_excluded THEN bit ELSE 0 END) OVER () AS UBIGINT) << 16)
        | (CAST(BIT_OR(CASE WHEN is_required THEN bit ELSE 0 END) OVER () AS UBIGINT) << 32) AS flags,
        group_number,
        is_excluded,
        LEN(tokens) AS token_count,
        -- A phrase of nothing but frequent words has to be looked for by them.
        CASE WHEN LEN(rare_tokens) = 0 THEN LEN(tokens) ELSE LEN(rare_tokens) END AS rare_count,
        UNNEST(tokens) AS token,
        GENERATE_SUBSCRIPTS(tokens, 1) - 1 AS token_offset
    FROM masked
),

-- Words are looked up in lanes: single ones from 1 on, those of phrases from 11 on, frequent ones of phrases in 21. The
-- first two are alone in theirs: a join with one word's keys reads that word's rows, one with several words' keys reads
-- the keys of all rows.
laned AS (
    SELECT
        *,
        CASE
            WHEN token_count = 1 THEN 1
            WHEN rare_count < token_count AND LIST_CONTAINS(main.search_stop_words(), token) THEN 21
            ELSE 11
        END AS first_lane
    FROM spelled
)

SELECT
    item,
    bit,
    flags,
    -- Occurrences of four items are counted in one DOUBLE, thirteen bits each: what one of this item adds to which.
    CASE WHEN item // 4 = 0 THEN POWER(8192, item % 4) ELSE 0 END AS first_unit,
    CASE WHEN item // 4 = 1 THEN POWER(8192, item % 4) ELSE 0 END AS second_unit,
    CASE WHEN item // 4 = 2 THEN POWER(8192, item % 4) ELSE 0 END AS third_unit,
    group_number,
    is_excluded,
    token_count,
    rare_count,
    token_offset,
    CASE
        WHEN first_lane = 21 THEN 21
        ELSE first_lane + LEAST(ROW_NUMBER() OVER (PARTITION BY first_lane ORDER BY item, token_offset) - 1, 2)
    END AS lane,
    UNNEST(LIST_TRANSFORM(main.search_forms(token, clitics), LAMBDA form: main.search_key(form))) AS term_key
FROM laned;

COMMENT ON MACRO TABLE main.search_terms IS 'The words of a query, as the index knows them';

CREATE MACRO main.search_date(filter, wanted) AS
    CASE
        WHEN NOT REGEXP_FULL_MATCH(wanted, '\d{4}(-\d{2}(-\d{2})?)?')
            OR TRY_CAST(wanted || '-01-01'[LENGTH(wanted) - 3:] AS DATE) IS NULL
            THEN ERROR('search: ' || filter || ':' || wanted || ' is no date; write ' || filter || ':2025-01-31, ' || filter || ':2025-01 or ' || filter || ':2025')
        ELSE CAST(wanted || '-01-01'[LENGTH(wanted) - 3:] || ' 00:00:00+00' AS TIMESTAMPTZ)
    END;

COMMENT ON MACRO main.search_date IS 'The moment in UTC that a day, month or year of a filter begins';

CREATE MACRO main.search_filters(words) AS TABLE
WITH pieces AS MATERIALIZED (
    FROM main.search_pieces(words)
),

-- An outlet without a file, such as a host of somebody's WARC file, is known by its articles.
known AS (
    SELECT outlet_id FROM core.outlets
    UNION ALL
    SELECT DISTINCT outlet_id FROM core.search_documents
    WHERE outlet_id IN (SELECT wanted FROM pieces WHERE filter = 'outlet')
),

outlets AS (
    SELECT COALESCE(LIST(outlet_id), []) AS names FROM known
),

checked AS (
    SELECT
        p.filter,
        p.wanted,
        p.is_excluded,
        CASE
            WHEN p.filter NOT IN ('', 'outlet', 'lang', 'after', 'before')
                THEN ERROR('search: there is no filter ' || p.filter || ':; there are outlet:, lang:, after: and before:. Put "' || p.piece || '" in quotes to look for its words')
            WHEN p.filter <> '' AND p.wanted = ''
                THEN ERROR('search: ' || p.piece || ' names nothing; write it without a space, such as outlet:sohr_en or after:2025-01-31')
            WHEN p.is_excluded AND p.filter IN ('after', 'before')
                THEN ERROR('search: ' || p.piece || ' is both; write after: or before: without a minus')
            WHEN p.filter = 'outlet' AND NOT LIST_CONTAINS(o.names, p.wanted)
                THEN ERROR('search: outlet:' || p.wanted || ' is no outlet of this warehouse' || COALESCE(
                    '; the nearest is outlet:'
                    || LIST_MIN(LIST_TRANSFORM(o.names, LAMBDA name: {'distance': LEVENSHTEIN(name, p.wanted), 'name': name})).name,
                    ''
                ))
            WHEN p.filter IN ('after', 'before') THEN main.search_date(p.filter, p.wanted)
        END AS moment
    FROM pieces AS p, outlets AS o
)

SELECT
    LIST(wanted) FILTER (filter = 'outlet' AND NOT is_excluded) AS outlet_ids,
    LIST(wanted) FILTER (filter = 'outlet' AND is_excluded) AS other_outlet_ids,
    LIST(LOWER(wanted)) FILTER (filter = 'lang' AND NOT is_excluded) AS languages,
    LIST(LOWER(wanted)) FILTER (filter = 'lang' AND is_excluded) AS other_languages,
    MAX(moment) FILTER (filter = 'after') AS since,
    MIN(moment) FILTER (filter = 'before') AS until
FROM checked;

COMMENT ON MACRO TABLE main.search_filters IS 'The filters of a query';
