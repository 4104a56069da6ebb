-- main.revisions, main.changes, main.number_changes, main.provenance, main.further_pages.
-- Grain: one state of one article; one changed field of one revision; one changed number of one; one field of one revision;
-- one further page.
-- Inputs: core.revisions, core.articles, core.texts, core.changes, core.number_changes, core.provenance,
-- core.further_pages. Users: analysts.

CREATE VIEW main.revisions AS
SELECT
    r.revision_id,
    r.article_id,
    a.outlet_id,
    r.revision_number,
    r.kind,
    r.changed_fields,
    r.captured_at,
    r.loaded_at,
    r.revision_id = a.current_revision_id AS is_current,
    r.canonical_url,
    r.language,
    COALESCE(r.languages, []) AS languages,
    r.declared_language,
    r.title,
    r.kicker,
    r.standfirst,
    r.dateline,
    t.text,
    t.word_count,
    t.sentence_count,
    r.is_complete,
    r.corrections,
    r.byline,
    r.authors,
    COALESCE(r.credits, []) AS credits,
    COALESCE(r.agency, []) AS agency,
    r.published_at,
    r.published_precision,
    r.modified_at,
    r.section,
    r.tags,
    r.image_url,
    r.image_caption,
    r.image_credit,
    r.original_publisher,
    r.original_url,
    r.has_disclaimer,
    r.is_free,
    r.extractor,
    r.capture_id,
    r.run_id
FROM core.revisions AS r
JOIN core.articles AS a ON a.article_id = r.article_id
LEFT JOIN core.texts AS t ON t.text_sha256 = r.text_sha256;

COMMENT ON VIEW main.revisions IS 'One state of one article, with the fields that changed against the state before';
COMMENT ON COLUMN main.revisions.revision_id IS 'Id of the revision';
COMMENT ON COLUMN main.revisions.article_id IS 'The article';
COMMENT ON COLUMN main.revisions.outlet_id IS 'Its outlet';
COMMENT ON COLUMN main.revisions.revision_number IS 'Place in time among the article''s revisions, from 1';
COMMENT ON COLUMN main.revisions.kind IS 'first, edit, removed (gone, leads home or holds nothing; no content), restored, reextracted (the same response, read anew)';
COMMENT ON COLUMN main.revisions.changed_fields IS 'Fields that differ from the state with content before; see changes';
COMMENT ON COLUMN main.revisions.captured_at IS 'When the response was received that shows this state, UTC';
COMMENT ON COLUMN main.revisions.loaded_at IS 'When it was loaded, UTC';
COMMENT ON COLUMN main.revisions.is_current IS 'Whether articles shows this one';
COMMENT ON COLUMN main.revisions.canonical_url IS 'Address that the page calls its own';
COMMENT ON COLUMN main.revisions.language IS 'Language of the text, BCP 47';
COMMENT ON COLUMN main.revisions.languages IS 'Languages that a real share of the text is in, BCP 47, its own first';
COMMENT ON COLUMN main.revisions.declared_language IS 'Language that the page declares';
COMMENT ON COLUMN main.revisions.title IS 'Headline';
COMMENT ON COLUMN main.revisions.kicker IS 'Words before the headline';
COMMENT ON COLUMN main.revisions.standfirst IS 'Introduction between headline and text';
COMMENT ON COLUMN main.revisions.dateline IS 'Place, agency and date before the first sentence, as written; no part of the text where the outlet has a file';
COMMENT ON COLUMN main.revisions.text IS 'Clean text; NULL when removed';
COMMENT ON COLUMN main.revisions.word_count IS 'Words of the text';
COMMENT ON COLUMN main.revisions.sentence_count IS 'Sentences of the text; NULL of texts that were stored before they were counted';
COMMENT ON COLUMN main.revisions.is_complete IS 'Whether the text is of all pages of the article; NULL where nobody knows';
COMMENT ON COLUMN main.revisions.corrections IS 'Correction, update and editors'' notes, as written, one a line; no part of the text';
COMMENT ON COLUMN main.revisions.byline IS 'Byline as written';
COMMENT ON COLUMN main.revisions.authors IS 'Names of the authors: the persons among the credits';
COMMENT ON COLUMN main.revisions.credits IS 'All whom the byline names, in its order and as it names them; kind is person, agency, outlet (itself or its staff) or organization';
COMMENT ON COLUMN main.revisions.agency IS 'News agencies that dateline, byline and credit lines name, by one name each, such as AFP';
COMMENT ON COLUMN main.revisions.published_at IS 'Time of publication stated at this state, UTC';
COMMENT ON COLUMN main.revisions.published_precision IS 'second, minute or day';
COMMENT ON COLUMN main.revisions.modified_at IS 'Time of modification stated at this state, UTC';
COMMENT ON COLUMN main.revisions.section IS 'Section';
COMMENT ON COLUMN main.revisions.tags IS 'Tags';
COMMENT ON COLUMN main.revisions.image_url IS 'Lead image';
COMMENT ON COLUMN main.revisions.image_caption IS 'Caption of the lead image';
COMMENT ON COLUMN main.revisions.image_credit IS 'Who is credited for the lead image, as written';
COMMENT ON COLUMN main.revisions.original_publisher IS 'Who published it first, as the page says';
COMMENT ON COLUMN main.revisions.original_url IS 'Where it was published first';
COMMENT ON COLUMN main.revisions.has_disclaimer IS 'Whether the outlet disclaims the views expressed';
COMMENT ON COLUMN main.revisions.is_free IS 'Whether the whole text could be read without paying';
COMMENT ON COLUMN main.revisions.extractor IS 'Extractor and rules that read the response';
COMMENT ON COLUMN main.revisions.capture_id IS 'Response that shows this state';
COMMENT ON COLUMN main.revisions.run_id IS 'Run that loaded it';

-- Of the pairs that were compared, those that the present order of revisions still compares. Texts are a branch of their
-- own: a query for another field does not touch them.
CREATE VIEW main.changes AS
WITH compared AS (
    SELECT
        c.article_id,
        a.outlet_id,
        c.revision_id,
        c.compared_with,
        r.revision_number,
        r.kind,
        r.captured_at,
        c.field,
        c.before,
        c.after,
        c.words_added,
        c.words_removed,
        c.passages,
        r.text_sha256
    FROM core.changes AS c
    JOIN core.revisions AS r ON r.revision_id = c.revision_id AND r.compared_with = c.compared_with
    JOIN core.articles AS a ON a.article_id = c.article_id
)

SELECT
    article_id,
    outlet_id,
    revision_id,
    revision_number,
    kind,
    captured_at,
    field,
    before,
    after,
    words_added,
    words_removed,
    passages
FROM compared
WHERE field <> 'text'
UNION ALL
SELECT
    c.article_id,
    c.outlet_id,
    c.revision_id,
    c.revision_number,
    c.kind,
    c.captured_at,
    c.field,
    o.text AS before,
    n.text AS after,
    c.words_added,
    c.words_removed,
    c.passages
FROM compared AS c
JOIN core.revisions AS b ON b.revision_id = c.compared_with
JOIN core.texts AS o ON o.text_sha256 = b.text_sha256
JOIN core.texts AS n ON n.text_sha256 = c.text_sha256
WHERE c.field = 'text';

COMMENT ON VIEW main.changes IS 'One changed field of one revision: what it was, what it became, and of title, standfirst and text the words that changed';
COMMENT ON COLUMN main.changes.article_id IS 'The article';
COMMENT ON COLUMN main.changes.outlet_id IS 'Its outlet';
COMMENT ON COLUMN main.changes.revision_id IS 'The revision that brought the change';
COMMENT ON COLUMN main.changes.revision_number IS 'Number of that revision';
COMMENT ON COLUMN main.changes.kind IS 'Kind of that revision; edit is the outlet''s doing, reextracted is ours';
COMMENT ON COLUMN main.changes.captured_at IS 'When the change was seen, UTC';
COMMENT ON COLUMN main.changes.field IS 'The changed field';
COMMENT ON COLUMN main.changes.before IS 'Its value before, as text; lists joined by semicolons, times in ISO 8601';
COMMENT ON COLUMN main.changes.after IS 'Its value after, in the same form';
COMMENT ON COLUMN main.changes.words_added IS 'Words that came; NULL but for title, standfirst and text';
COMMENT ON COLUMN main.changes.words_removed IS 'Words that went; NULL but for the same fields';
COMMENT ON COLUMN main.changes.passages IS 'The passages that changed: before, after, and where each begins in the field, in characters from 0; up to two words that stayed between two changes are shown with them; NULL but for the same fields';

CREATE VIEW main.number_changes AS
SELECT
    n.article_id,
    a.outlet_id,
    n.revision_id,
    r.revision_number,
    r.captured_at,
    n.field,
    n.counted,
    n.before,
    n.after,
    n.number_before,
    n.number_after,
    n.sentence_before,
    n.sentence_after,
    n.before_offset,
    n.after_offset
FROM core.number_changes AS n
JOIN core.revisions AS r ON r.revision_id = n.revision_id AND r.compared_with = n.compared_with
JOIN core.articles AS a ON a.article_id = n.article_id;

COMMENT ON VIEW main.number_changes IS 'One number, date or time that an outlet changed in title, standfirst or text; sentences that were written anew are left out';
COMMENT ON COLUMN main.number_changes.article_id IS 'The article';
COMMENT ON COLUMN main.number_changes.outlet_id IS 'Its outlet';
COMMENT ON COLUMN main.number_changes.revision_id IS 'The revision that brought the change';
COMMENT ON COLUMN main.number_changes.revision_number IS 'Number of that revision';
COMMENT ON COLUMN main.number_changes.captured_at IS 'When the change was seen, UTC';
COMMENT ON COLUMN main.number_changes.field IS 'title, standfirst or text';
COMMENT ON COLUMN main.number_changes.counted IS 'What it counts, by the words around it: killed, wounded, casualties, missing, detained, displaced, percent, date, time or other';
COMMENT ON COLUMN main.number_changes.before IS 'The number before, as written, in digits or words';
COMMENT ON COLUMN main.number_changes.after IS 'The number after, as written';
COMMENT ON COLUMN main.number_changes.number_before IS 'Its value before; NULL for dates and times';
COMMENT ON COLUMN main.number_changes.number_after IS 'Its value after; NULL for dates and times';
COMMENT ON COLUMN main.number_changes.sentence_before IS 'The sentence in which it stood';
COMMENT ON COLUMN main.number_changes.sentence_after IS 'The sentence in which it stands';
COMMENT ON COLUMN main.number_changes.before_offset IS 'Where it stood in the field, in characters from 0';
COMMENT ON COLUMN main.number_changes.after_offset IS 'Where it stands in the field, in characters from 0';

CREATE VIEW main.provenance AS
SELECT
    r.article_id,
    p.revision_id,
    r.revision_number,
    r.revision_id = a.current_revision_id AS is_current,
    p.field,
    p.source,
    p.raw,
    r.extractor,
    r.capture_id
FROM core.provenance AS p
JOIN core.revisions AS r ON r.revision_id = p.revision_id
JOIN core.articles AS a ON a.article_id = r.article_id;

COMMENT ON VIEW main.provenance IS 'Where one field of one revision came from';
COMMENT ON COLUMN main.provenance.article_id IS 'The article';
COMMENT ON COLUMN main.provenance.revision_id IS 'The revision';
COMMENT ON COLUMN main.provenance.revision_number IS 'Number of the revision';
COMMENT ON COLUMN main.provenance.is_current IS 'Whether articles shows this revision';
COMMENT ON COLUMN main.provenance.field IS 'The field';
COMMENT ON COLUMN main.provenance.source IS 'Rule that gave its value, such as json-ld.headline or layout[0].title';
COMMENT ON COLUMN main.provenance.raw IS 'What the rule saw, at most 500 characters';
COMMENT ON COLUMN main.provenance.extractor IS 'Extractor and rules that read the response';
COMMENT ON COLUMN main.provenance.capture_id IS 'Response that proves it';

CREATE VIEW main.further_pages AS
SELECT
    first_capture_id,
    page_number,
    requested_url,
    reason,
    capture_id,
    occurred_at,
    run_id
FROM core.further_pages;

COMMENT ON VIEW main.further_pages IS 'One further page of an article on several pages; revisions and articles whose capture_id is its first_capture_id are read with it';
COMMENT ON COLUMN main.further_pages.first_capture_id IS 'Response that shows the article''s first page';
COMMENT ON COLUMN main.further_pages.page_number IS 'Its place among the pages, from 2';
COMMENT ON COLUMN main.further_pages.requested_url IS 'Its address';
COMMENT ON COLUMN main.further_pages.reason IS 'further_page where it was fetched; else why it could not be had';
COMMENT ON COLUMN main.further_pages.capture_id IS 'Response that shows it; NULL where none was kept';
COMMENT ON COLUMN main.further_pages.occurred_at IS 'When that was settled, UTC';
COMMENT ON COLUMN main.further_pages.run_id IS 'Run that settled it';
