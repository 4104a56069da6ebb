-- main.search: the best articles for a query, each with the passage that shows why.
-- Grain: one article. Inputs: main.search_ranked, main.search_terms, core.texts. Users: analysts, warehouse/search.py.

CREATE MACRO main.search(words, max_results := 10, clitics := TRUE) AS TABLE
WITH ranked AS MATERIALIZED (
    FROM main.search_ranked(words, clitics := clitics)
),

-- Limits that are written as numbers tell DuckDB how few these are: it reads the rows of a table by their numbers only
-- where it expects fewer of them than the table has.
best AS MATERIALIZED (
    SELECT
        *,
        (SELECT COUNT(*) FROM ranked) AS match_count
    FROM (
        FROM ranked
        ORDER BY
            score DESC,
            dated_at DESC,
            doc_id
        LIMIT 1000
    )
    ORDER BY
        score DESC,
        dated_at DESC,
        doc_id
    LIMIT max_results
),

top AS MATERIALIZED (
    SELECT
        b.doc_id,
        b.dated_at,
        b.score,
        b.match_count,
        d.article_id,
        d.outlet_id,
        d.language,
        d.title,
        d.text_number
    FROM best AS b
    JOIN core.search_documents AS d ON d.rowid = b.document_row
    LIMIT 1000
),

-- Texts are compressed 2,048 at a time: only a row's number leads to it without reading the others.
located AS MATERIALIZED (
    SELECT
        t.doc_id,
        x.rowid AS text_row
    FROM core.texts AS x
    JOIN top AS t ON t.text_number = x.text_number
    LIMIT 1000
),

-- The text cut behind each of its words; put together again the pieces are the text.
texts AS MATERIALIZED (
    SELECT
        l.doc_id,
        REGEXP_EXTRACT_ALL(x.text, main.search_pattern()) AS tokens,
        REGEXP_EXTRACT_ALL(x.text, '(?s).*?(?:' || main.search_pattern() || ')') AS pieces
    FROM core.texts AS x
    JOIN located AS l ON l.text_row = x.rowid
),

spelled AS (
    SELECT
        doc_id,
        UNNEST(tokens) AS token,
        GENERATE_SUBSCRIPTS(tokens, 1) AS token_number
    FROM texts
),

keys AS (
    SELECT
        token,
        main.search_key(main.search_fold(token)) AS term_key
    FROM (SELECT DISTINCT token FROM spelled)
),

-- What of the query is where in these texts, found by the same rules as in the index.
hits AS MATERIALIZED (
    SELECT
        s.doc_id,
        t.item,
        t.token_count,
        s.token_number - t.token_offset AS token_number
    FROM main.search_terms(words, clitics := clitics) AS t
    JOIN keys AS k ON k.term_key = t.term_key
    JOIN spelled AS s ON s.token = k.token
    WHERE NOT t.is_excluded
    GROUP BY ALL
    HAVING COUNT(DISTINCT t.token_offset) = t.token_count
),

-- The snippet begins before the first of those places that have the most of the query in the 24 words from there.
counted AS (
    SELECT
        a.doc_id,
        a.token_number,
        COUNT(DISTINCT b.item) AS item_count
    FROM hits AS a
    JOIN hits AS b ON b.doc_id = a.doc_id AND b.token_number BETWEEN a.token_number AND a.token_number + 24
    GROUP BY ALL
),

chosen AS (
    SELECT
        doc_id,
        ARG_MAX(token_number, item_count * 8192 - token_number) AS token_number
    FROM counted
    GROUP BY doc_id
),

framed AS MATERIALIZED (
    SELECT
        x.doc_id,
        x.tokens,
        x.pieces,
        GREATEST(COALESCE(c.token_number, 1) - 8, 1) AS first_token,
        LEAST(GREATEST(COALESCE(c.token_number, 1) - 8, 1) + 35, LEN(x.tokens)) AS last_token
    FROM texts AS x
    LEFT JOIN chosen AS c ON c.doc_id = x.doc_id
),

snippets AS (
    SELECT
        doc_id,
        ARRAY_TO_STRING(pieces[first_token:last_token], '')[LENGTH(pieces[first_token]) - LENGTH(tokens[first_token]) + 1:] AS snippet,
        LENGTH(ARRAY_TO_STRING(pieces[:first_token], '')) - LENGTH(tokens[first_token]) + 1 AS snippet_start
    FROM framed
    WHERE LEN(tokens) > 0
),

marked AS (
    SELECT
        h.doc_id,
        LIST({
            'start': LENGTH(ARRAY_TO_STRING(f.pieces[:h.token_number], '')) - LENGTH(f.tokens[h.token_number]) + 1,
            'length': LENGTH(ARRAY_TO_STRING(f.pieces[h.token_number:h.token_number + h.token_count - 1], ''))
                - LENGTH(f.pieces[h.token_number]) + LENGTH(f.tokens[h.token_number])
        } ORDER BY h.token_number) AS matches
    FROM hits AS h
    JOIN framed AS f ON f.doc_id = h.doc_id
    WHERE h.token_number >= f.first_token AND h.token_number + h.token_count - 1 <= f.last_token
    GROUP BY h.doc_id
)

SELECT
    t.article_id,
    t.outlet_id,
    t.language,
    t.title,
    t.dated_at AS published_at,
    t.score,
    s.snippet,
    s.snippet_start,
    COALESCE(m.matches, []) AS matches,
    t.match_count
FROM top AS t
LEFT JOIN snippets AS s ON s.doc_id = t.doc_id
LEFT JOIN marked AS m ON m.doc_id = t.doc_id
ORDER BY
    t.score DESC,
    t.dated_at DESC,
    t.doc_id;

COMMENT ON MACRO TABLE main.search IS 'The best articles for a query (max_results of match_count, 1,000 at most), best first, by BM25. snippet is SUBSTRING(text, snippet_start, LENGTH(snippet)); matches are start and length of what was found in it, in the text too. See the README for what a query can say';
