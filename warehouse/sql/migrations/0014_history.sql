-- core.changes, core.number_changes: what changed between two states of an article; core.article_facts: what counting
-- needs of each article; core.articles: by which extractor its newest response was read.
-- Grain: one changed field of a pair of states; one number of a changed field of a pair; one article.
-- Inputs: core.articles, core.revisions, core.texts. The first two tables are filled by warehouse/fills.py.
-- Users: warehouse/changes.py, warehouse/facts.py; main.changes, main.number_changes, main.outlet_daily and the others
-- of 075_counts.

CREATE TABLE core.changes (
    article_id UUID NOT NULL,
    compared_with UUID NOT NULL,
    revision_id UUID NOT NULL,
    field VARCHAR NOT NULL,
    before VARCHAR,
    after VARCHAR,
    words_added INTEGER,
    words_removed INTEGER,
    passages STRUCT(before VARCHAR, after VARCHAR, before_offset INTEGER, after_offset INTEGER)[]
);
COMMENT ON TABLE core.changes IS 'One field that differs between two states; insert-only. A pair that a late capture has parted stays, and is not shown';
COMMENT ON COLUMN core.changes.article_id IS 'The article';
COMMENT ON COLUMN core.changes.compared_with IS 'The earlier state';
COMMENT ON COLUMN core.changes.revision_id IS 'The later state';
COMMENT ON COLUMN core.changes.field IS 'The field';
COMMENT ON COLUMN core.changes.before IS 'Its value before, as text; NULL for the text itself, which is in core.texts';
COMMENT ON COLUMN core.changes.after IS 'Its value after, in the same form';
COMMENT ON COLUMN core.changes.words_added IS 'Words that came; NULL for fields that are not compared by words';
COMMENT ON COLUMN core.changes.words_removed IS 'Words that went; NULL in the same fields';
COMMENT ON COLUMN core.changes.passages IS 'The passages that differ, with their offsets in characters; NULL in the same fields';

CREATE TABLE core.number_changes (
    article_id UUID NOT NULL,
    compared_with UUID NOT NULL,
    revision_id UUID NOT NULL,
    field VARCHAR NOT NULL,
    counted VARCHAR NOT NULL,
    before VARCHAR NOT NULL,
    after VARCHAR NOT NULL,
    number_before DOUBLE,
    number_after DOUBLE,
    sentence_before VARCHAR NOT NULL,
    sentence_after VARCHAR NOT NULL,
    before_offset INTEGER NOT NULL,
    after_offset INTEGER NOT NULL
);
COMMENT ON TABLE core.number_changes IS 'One number that differs between two states of an article; insert-only, like core.changes';
COMMENT ON COLUMN core.number_changes.article_id IS 'The article';
COMMENT ON COLUMN core.number_changes.compared_with IS 'The earlier state';
COMMENT ON COLUMN core.number_changes.revision_id IS 'The later state';
COMMENT ON COLUMN core.number_changes.field IS 'Field that it stands in: title, standfirst or text';
COMMENT ON COLUMN core.number_changes.counted IS 'What it counts: killed, wounded, casualties, missing, detained, displaced, percent, date, time or other';
COMMENT ON COLUMN core.number_changes.before IS 'The number before, as written';
COMMENT ON COLUMN core.number_changes.after IS 'The number after, as written';
COMMENT ON COLUMN core.number_changes.number_before IS 'Its value before; NULL for dates and times';
COMMENT ON COLUMN core.number_changes.number_after IS 'Its value after';
COMMENT ON COLUMN core.number_changes.sentence_before IS 'The sentence that it stood in';
COMMENT ON COLUMN core.number_changes.sentence_after IS 'The sentence that it stands in';
COMMENT ON COLUMN core.number_changes.before_offset IS 'Where it stood in the field, in characters';
COMMENT ON COLUMN core.number_changes.after_offset IS 'Where it stands in the field, in characters';

-- Without a key: a row is replaced by deleting it and inserting another, which a key forbids within one transaction.
CREATE TABLE core.article_facts (
    article_id UUID NOT NULL,
    outlet_id VARCHAR NOT NULL,
    seen_date DATE NOT NULL,
    published_at TIMESTAMPTZ,
    published_date DATE,
    lag_minutes INTEGER,
    language VARCHAR,
    section VARCHAR,
    authors VARCHAR[] NOT NULL,
    tags VARCHAR[] NOT NULL,
    word_count INTEGER NOT NULL,
    later_revision_count INTEGER NOT NULL,
    has_standfirst BOOLEAN NOT NULL,
    has_byline BOOLEAN NOT NULL,
    has_image BOOLEAN NOT NULL,
    is_republished BOOLEAN NOT NULL,
    is_removed BOOLEAN NOT NULL
);
COMMENT ON TABLE core.article_facts IS 'What counting needs of one article''s current revision, without its words: joins of a million articles take seconds';
COMMENT ON COLUMN core.article_facts.article_id IS 'The article; once';
COMMENT ON COLUMN core.article_facts.outlet_id IS 'Its outlet';
COMMENT ON COLUMN core.article_facts.seen_date IS 'UTC day on which it was first seen';
COMMENT ON COLUMN core.article_facts.published_at IS 'Time of publication that the outlet states';
COMMENT ON COLUMN core.article_facts.published_date IS 'UTC day of it';
COMMENT ON COLUMN core.article_facts.lag_minutes IS 'Whole minutes from publication to when it was first seen, 0 at least; NULL where only a day is stated';
COMMENT ON COLUMN core.article_facts.language IS 'Language of the text, BCP 47';
COMMENT ON COLUMN core.article_facts.section IS 'Section of the outlet';
COMMENT ON COLUMN core.article_facts.authors IS 'Names of the authors';
COMMENT ON COLUMN core.article_facts.tags IS 'Tags';
COMMENT ON COLUMN core.article_facts.word_count IS 'Words of the text';
COMMENT ON COLUMN core.article_facts.later_revision_count IS 'Revisions after the first one';
COMMENT ON COLUMN core.article_facts.has_standfirst IS 'Whether it has a standfirst';
COMMENT ON COLUMN core.article_facts.has_byline IS 'Whether it has a byline';
COMMENT ON COLUMN core.article_facts.has_image IS 'Whether it has a lead image';
COMMENT ON COLUMN core.article_facts.is_republished IS 'Whether it says that another published it first';
COMMENT ON COLUMN core.article_facts.is_removed IS 'Whether it is gone';

INSERT INTO core.article_facts BY NAME
SELECT
    a.article_id,
    a.outlet_id,
    CAST(a.first_seen_at AT TIME ZONE 'UTC' AS DATE) AS seen_date,
    r.published_at,
    CAST(r.published_at AT TIME ZONE 'UTC' AS DATE) AS published_date,
    CASE
        WHEN r.published_precision <> 'day'
            THEN GREATEST(0, EPOCH_US(a.first_seen_at) - EPOCH_US(r.published_at)) // 60_000_000
    END AS lag_minutes,
    r.language,
    r.section,
    r.authors,
    r.tags,
    t.word_count,
    a.revision_count - 1 AS later_revision_count,
    r.standfirst IS NOT NULL AS has_standfirst,
    r.byline IS NOT NULL AS has_byline,
    r.image_url IS NOT NULL AS has_image,
    r.original_publisher IS NOT NULL AS is_republished,
    a.removed_at IS NOT NULL AS is_removed
FROM core.articles AS a
JOIN core.revisions AS r ON r.revision_id = a.current_revision_id
JOIN core.texts AS t ON t.text_sha256 = r.text_sha256
ORDER BY a.first_seen_at;

ALTER TABLE core.articles ADD COLUMN last_extractor VARCHAR;
COMMENT ON COLUMN core.articles.last_extractor IS 'Extractor that read the newest loaded response; NULL where that was before it was kept';
