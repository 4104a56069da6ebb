-- core: what near-identical articles are found by, which are copies of each other, and the story of each.
-- Grain: one signed article, one key of one signature, one pair of copies, one republication, one known name of outlets.
-- Users: warehouse/stories/; main.articles, main.stories, main.republications.
-- Articles of before are signed by the next run, or by `wirewatch migrate`, in batches; until then they have no story.

ALTER TABLE core.articles ADD COLUMN story_id UUID;
COMMENT ON COLUMN core.articles.story_id IS 'article_id of the story''s origin; NULL until the article is signed';

CREATE TABLE core.signatures (
    article_id UUID PRIMARY KEY,
    signature_number INTEGER NOT NULL,
    scheme INTEGER NOT NULL,
    text_sha256 VARCHAR NOT NULL,
    published_at TIMESTAMPTZ,
    shingle_count INTEGER NOT NULL
);
COMMENT ON TABLE core.signatures IS 'One article whose text was signed: the state by which it was compared with others';
COMMENT ON COLUMN core.signatures.article_id IS 'The article';
COMMENT ON COLUMN core.signatures.signature_number IS 'Number of its newest signature; those of before lead nowhere';
COMMENT ON COLUMN core.signatures.scheme IS 'How it was signed; other schemes are signed anew';
COMMENT ON COLUMN core.signatures.text_sha256 IS 'The text that was signed';
COMMENT ON COLUMN core.signatures.published_at IS 'Time of publication by which it was compared';
COMMENT ON COLUMN core.signatures.shingle_count IS 'Distinct shingles of the text';

CREATE TABLE core.signature_keys (
    key BIGINT NOT NULL,
    signature_number INTEGER NOT NULL
);
COMMENT ON TABLE core.signature_keys IS 'One key of one signature; insert-only. Texts that share one are compared';
COMMENT ON COLUMN core.signature_keys.key IS 'Hash of a band of the MinHash, or an anchor';
COMMENT ON COLUMN core.signature_keys.signature_number IS 'The signature';

CREATE TABLE core.copies (
    first_id UUID NOT NULL,
    second_id UUID NOT NULL,
    similarity DOUBLE NOT NULL,
    containment DOUBLE NOT NULL
);
COMMENT ON TABLE core.copies IS 'One pair of articles of which one is a copy of the other, whichever it is';
COMMENT ON COLUMN core.copies.first_id IS 'The article with the smaller id';
COMMENT ON COLUMN core.copies.second_id IS 'The article with the larger id';
COMMENT ON COLUMN core.copies.similarity IS 'Common shingles of all shingles of the two, 0 to 1';
COMMENT ON COLUMN core.copies.containment IS 'Common shingles of those of the text that has fewer, 0 to 1';

CREATE TABLE core.republications (
    copy_article_id UUID PRIMARY KEY,
    origin_article_id UUID NOT NULL,
    matched_article_id UUID NOT NULL,
    origin_reason VARCHAR NOT NULL
        CHECK (origin_reason IN ('source_line', 'agency', 'published_at', 'first_seen_at')),
    credited_by VARCHAR CHECK (credited_by IN ('source_line', 'original_url', 'agency', 'byline')),
    similarity DOUBLE NOT NULL,
    containment DOUBLE NOT NULL
);
COMMENT ON TABLE core.republications IS 'One article that is a copy, with the first publisher''s';
COMMENT ON COLUMN core.republications.copy_article_id IS 'The copy';
COMMENT ON COLUMN core.republications.origin_article_id IS 'Origin of its story';
COMMENT ON COLUMN core.republications.matched_article_id IS 'The article that it resembles: the origin, or a copy between the two';
COMMENT ON COLUMN core.republications.origin_reason IS 'Why the article that it resembles is held for the earlier one';
COMMENT ON COLUMN core.republications.credited_by IS 'What of the copy names the origin''s outlet; NULL where nothing does';
COMMENT ON COLUMN core.republications.similarity IS 'As in core.copies, of the copy and the article that it resembles';
COMMENT ON COLUMN core.republications.containment IS 'As in core.copies, of the copy and the article that it resembles';

CREATE TABLE core.story_upkeep (
    is_complete BOOLEAN NOT NULL,
    outlets_sha256 VARCHAR NOT NULL
);
INSERT INTO core.story_upkeep VALUES (FALSE, '');
COMMENT ON TABLE core.story_upkeep IS 'One row: how far the stories are kept';
COMMENT ON COLUMN core.story_upkeep.is_complete IS 'Whether every article was signed when stories were last kept';
COMMENT ON COLUMN core.story_upkeep.outlets_sha256 IS 'Digest of the outlets'' names by which credits were read';
