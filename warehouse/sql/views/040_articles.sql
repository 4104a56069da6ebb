-- main.articles. Grain: one article, its current revision.
-- Inputs: core.articles, core.revisions, core.texts, core.outlets. Users: analysts.

CREATE VIEW main.articles AS
SELECT
    a.article_id,
    a.outlet_id,
    COALESCE(o.name, a.outlet_id) AS outlet_name,
    r.canonical_url,
    r.language,
    COALESCE(r.languages, []) AS languages,
    r.title,
    r.kicker,
    r.standfirst,
    r.dateline,
    t.text,
    r.corrections,
    r.byline,
    r.authors,
    COALESCE(r.credits, []) AS credits,
    COALESCE(r.agency, []) AS agency,
    r.published_at,
    r.published_precision,
    a.modified_at,
    a.first_seen_at,
    a.last_seen_at,
    a.removed_at,
    r.section,
    r.tags,
    r.image_url,
    r.image_caption,
    r.image_credit,
    r.original_publisher,
    r.original_url,
    r.has_disclaimer,
    r.is_free,
    a.story_id,
    a.revision_count,
    t.word_count,
    t.sentence_count,
    r.is_complete,
    r.extractor,
    r.capture_id
FROM core.articles AS a
JOIN core.revisions AS r ON r.revision_id = a.current_revision_id
JOIN core.texts AS t ON t.text_sha256 = r.text_sha256
LEFT JOIN core.outlets AS o ON o.outlet_id = a.outlet_id;

COMMENT ON VIEW main.articles IS 'One article, in its current revision';
COMMENT ON COLUMN main.articles.article_id IS 'UUIDv5 of outlet and identity (CMS id where known, else normalized URL): the same on every machine';
COMMENT ON COLUMN main.articles.outlet_id IS 'Outlet that published it';
COMMENT ON COLUMN main.articles.outlet_name IS 'Name of the outlet';
COMMENT ON COLUMN main.articles.canonical_url IS 'Address that the page calls its own';
COMMENT ON COLUMN main.articles.language IS 'Language of the text, BCP 47';
COMMENT ON COLUMN main.articles.languages IS 'Languages that a real share of the text is in, BCP 47, its own first; more than one says that it is mixed';
COMMENT ON COLUMN main.articles.title IS 'Headline, without the site''s name and kicker';
COMMENT ON COLUMN main.articles.kicker IS 'Words that stand before the headline, such as a place';
COMMENT ON COLUMN main.articles.standfirst IS 'Introduction between headline and text';
COMMENT ON COLUMN main.articles.dateline IS 'Place, agency and date before the first sentence, as written; no part of the text where the outlet has a file';
COMMENT ON COLUMN main.articles.text IS 'Clean text, one paragraph or list item a line';
COMMENT ON COLUMN main.articles.corrections IS 'Correction, update and editors'' notes, as written, one a line; no part of the text';
COMMENT ON COLUMN main.articles.byline IS 'Byline as written';
COMMENT ON COLUMN main.articles.authors IS 'Names of the authors: the persons among the credits';
COMMENT ON COLUMN main.articles.credits IS 'All whom the byline names, in its order and as it names them; kind is person, agency, outlet (itself or its staff) or organization';
COMMENT ON COLUMN main.articles.agency IS 'News agencies that dateline, byline and credit lines name, by one name each, such as AFP';
COMMENT ON COLUMN main.articles.published_at IS 'Time of publication that the outlet states, UTC';
COMMENT ON COLUMN main.articles.published_precision IS 'second, minute or day: how much of published_at was given';
COMMENT ON COLUMN main.articles.modified_at IS 'Time of modification that the outlet states, UTC';
COMMENT ON COLUMN main.articles.first_seen_at IS 'When it was discovered or captured first, UTC';
COMMENT ON COLUMN main.articles.last_seen_at IS 'When a source listed it or a response showed it last, UTC';
COMMENT ON COLUMN main.articles.removed_at IS 'When its address first answered 404 or 410, led home or held nothing, UTC; NULL while it is up';
COMMENT ON COLUMN main.articles.section IS 'Section of the outlet';
COMMENT ON COLUMN main.articles.tags IS 'Tags';
COMMENT ON COLUMN main.articles.image_url IS 'Lead image';
COMMENT ON COLUMN main.articles.image_caption IS 'Caption of the lead image';
COMMENT ON COLUMN main.articles.image_credit IS 'Who is credited for the lead image, as written';
COMMENT ON COLUMN main.articles.original_publisher IS 'Who published it first, as the page says; NULL when it is the outlet''s own';
COMMENT ON COLUMN main.articles.original_url IS 'Where it was published first, as the page says';
COMMENT ON COLUMN main.articles.has_disclaimer IS 'Whether the outlet disclaims the views expressed';
COMMENT ON COLUMN main.articles.is_free IS 'Whether the whole text could be read without paying';
COMMENT ON COLUMN main.articles.story_id IS 'Story that it tells, with the articles that are copies of it: the article_id of the first published one; NULL until it was compared';
COMMENT ON COLUMN main.articles.revision_count IS 'Number of its revisions';
COMMENT ON COLUMN main.articles.word_count IS 'Words of the text';
COMMENT ON COLUMN main.articles.sentence_count IS 'Sentences of the text; NULL of texts that were stored before they were counted';
COMMENT ON COLUMN main.articles.is_complete IS 'Whether the text is of all pages of the article; false where a further page could not be had, see further_pages; NULL where nobody knows';
COMMENT ON COLUMN main.articles.extractor IS 'Extractor and rules that read the response';
COMMENT ON COLUMN main.articles.capture_id IS 'Response that shows the current revision';
