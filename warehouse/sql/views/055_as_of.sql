-- macro main.articles_as_of(moment). Grain: one article that had been captured by then, in the revision that held then.
-- Inputs: core.articles, core.revisions, core.texts, core.outlets, main.articles (its columns). Users: analysts.

CREATE MACRO main.articles_as_of(moment) AS TABLE
WITH held AS (
    SELECT
        article_id,
        ARG_MAX(revision_id, revision_number) FILTER (kind <> 'removed') AS revision_id,
        MAX(captured_at) AS last_seen_at,
        MAX(captured_at) FILTER (kind = 'removed') AS gone_at,
        MAX(captured_at) FILTER (kind <> 'removed') AS shown_at,
        CAST(COUNT(*) AS INTEGER) AS revision_count
    FROM core.revisions
    WHERE captured_at <= CAST(moment AS TIMESTAMPTZ)
    GROUP BY article_id
)

SELECT
    n.* REPLACE (
        r.canonical_url AS canonical_url,
        r.language AS language,
        COALESCE(r.languages, []) AS languages,
        r.title AS title,
        r.kicker AS kicker,
        r.standfirst AS standfirst,
        r.dateline AS dateline,
        t.text AS text,
        r.corrections AS corrections,
        r.byline AS byline,
        r.authors AS authors,
        COALESCE(r.credits, []) AS credits,
        COALESCE(r.agency, []) AS agency,
        r.published_at AS published_at,
        r.published_precision AS published_precision,
        r.modified_at AS modified_at,
        h.last_seen_at AS last_seen_at,
        CASE WHEN h.gone_at > h.shown_at THEN h.gone_at END AS removed_at,
        r.section AS section,
        r.tags AS tags,
        r.image_url AS image_url,
        r.image_caption AS image_caption,
        r.image_credit AS image_credit,
        r.original_publisher AS original_publisher,
        r.original_url AS original_url,
        r.has_disclaimer AS has_disclaimer,
        r.is_free AS is_free,
        h.revision_count AS revision_count,
        t.word_count AS word_count,
        t.sentence_count AS sentence_count,
        r.is_complete AS is_complete,
        r.extractor AS extractor,
        r.capture_id AS capture_id
    )
FROM held AS h
JOIN core.revisions AS r ON r.revision_id = h.revision_id
JOIN core.texts AS t ON t.text_sha256 = r.text_sha256
JOIN main.articles AS n ON n.article_id = h.article_id;

COMMENT ON MACRO TABLE main.articles_as_of IS 'Articles as their pages stood at a moment, by what had been captured until then: FROM articles_as_of(''2026-03-24 12:00''); the columns of articles, last_seen_at being the last capture that made a revision';
