-- core: articles with all their revisions.
-- Grain: one text, one article, one name of an article, one state of an article, one field of one state.
-- Users: warehouse/load.py; main.articles, main.revisions, main.changes, main.provenance.

CREATE TABLE core.texts (
    text_sha256 VARCHAR PRIMARY KEY,
    text VARCHAR USING COMPRESSION zstd NOT NULL,
    char_count INTEGER NOT NULL,
    word_count INTEGER NOT NULL
);
COMMENT ON TABLE core.texts IS 'One text; insert-only, stored once by hash';
COMMENT ON COLUMN core.texts.text_sha256 IS 'SHA-256 of the text in UTF-8, in hexadecimal';
COMMENT ON COLUMN core.texts.text IS 'Plain text, one paragraph or list item a line';
COMMENT ON COLUMN core.texts.char_count IS 'Characters of the text';
COMMENT ON COLUMN core.texts.word_count IS 'Words of the text: runs of letters, digits and their marks, in any script';

CREATE TABLE core.articles (
    article_id UUID PRIMARY KEY,
    outlet_id VARCHAR NOT NULL,
    identity VARCHAR NOT NULL,
    normalized_url VARCHAR NOT NULL,
    link_id UUID NOT NULL,
    current_revision_id UUID NOT NULL,
    revision_count INTEGER NOT NULL,
    modified_at TIMESTAMPTZ,
    first_seen_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    last_captured_at TIMESTAMPTZ NOT NULL,
    last_capture_id UUID NOT NULL,
    removed_at TIMESTAMPTZ
);
COMMENT ON TABLE core.articles IS 'One article: what holds across its revisions';
COMMENT ON COLUMN core.articles.article_id IS 'UUIDv5 of outlet and the identity under which it was first loaded';
COMMENT ON COLUMN core.articles.outlet_id IS 'Outlet that published it';
COMMENT ON COLUMN core.articles.identity IS 'cms:<id> where the CMS id was known at first, else url:<normalized URL>';
COMMENT ON COLUMN core.articles.normalized_url IS 'Newest address, normalized; unique in an outlet';
COMMENT ON COLUMN core.articles.link_id IS 'Link whose response was loaded last';
COMMENT ON COLUMN core.articles.current_revision_id IS 'Newest revision that has content';
COMMENT ON COLUMN core.articles.revision_count IS 'Number of revisions';
COMMENT ON COLUMN core.articles.modified_at IS 'Time of modification that the newest response states';
COMMENT ON COLUMN core.articles.first_seen_at IS 'When it was discovered or captured first, whichever was earlier';
COMMENT ON COLUMN core.articles.last_seen_at IS 'When a source listed it or a response showed it last';
COMMENT ON COLUMN core.articles.last_captured_at IS 'Time of the newest loaded response';
COMMENT ON COLUMN core.articles.last_capture_id IS 'The newest loaded response; it need not have changed anything';
COMMENT ON COLUMN core.articles.removed_at IS 'When its address answered 404 or 410 first; NULL while it is up';

CREATE TABLE core.identities (
    identity_id UUID PRIMARY KEY,
    outlet_id VARCHAR NOT NULL,
    identity VARCHAR NOT NULL,
    article_id UUID NOT NULL
);
COMMENT ON TABLE core.identities IS 'One name under which an article was seen: a CMS id or a normalized URL; insert-only';
COMMENT ON COLUMN core.identities.identity_id IS 'UUIDv5 of outlet and identity';
COMMENT ON COLUMN core.identities.outlet_id IS 'Outlet of the article';
COMMENT ON COLUMN core.identities.identity IS 'cms:<id> or url:<normalized URL>';
COMMENT ON COLUMN core.identities.article_id IS 'Article that bears the name';

CREATE TABLE core.revisions (
    revision_id UUID PRIMARY KEY,
    article_id UUID NOT NULL,
    revision_number INTEGER NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('first', 'edit', 'removed', 'restored', 'reextracted')),
    compared_with UUID,
    changed_fields VARCHAR[] NOT NULL,
    captured_at TIMESTAMPTZ NOT NULL,
    loaded_at TIMESTAMPTZ NOT NULL,
    run_id VARCHAR NOT NULL,
    capture_id UUID,
    extractor VARCHAR,
    title VARCHAR,
    kicker VARCHAR,
    standfirst VARCHAR,
    text_sha256 VARCHAR,
    byline VARCHAR,
    authors VARCHAR[] NOT NULL,
    published_at TIMESTAMPTZ,
    published_precision VARCHAR,
    modified_at TIMESTAMPTZ,
    canonical_url VARCHAR,
    language VARCHAR,
    declared_language VARCHAR,
    section VARCHAR,
    tags VARCHAR[] NOT NULL,
    image_url VARCHAR,
    original_publisher VARCHAR,
    original_url VARCHAR,
    has_disclaimer BOOLEAN NOT NULL,
    is_free BOOLEAN NOT NULL
);
COMMENT ON TABLE core.revisions IS 'One state of one article. Its content never changes; a capture that is loaded late moves the numbers of later ones';
COMMENT ON COLUMN core.revisions.revision_id IS 'Id of the revision';
COMMENT ON COLUMN core.revisions.article_id IS 'Article that the revision is a state of';
COMMENT ON COLUMN core.revisions.revision_number IS 'Place in time among the article''s revisions, from 1';
COMMENT ON COLUMN core.revisions.kind IS 'first, edit, removed (the address answered 404 or 410; no content), restored (it is back), reextracted (the same response, read by another extractor)';
COMMENT ON COLUMN core.revisions.compared_with IS 'The revision with content before this one';
COMMENT ON COLUMN core.revisions.changed_fields IS 'Fields whose value differs from the revision compared with';
COMMENT ON COLUMN core.revisions.captured_at IS 'When the response was received that shows this state';
COMMENT ON COLUMN core.revisions.loaded_at IS 'When the revision was loaded';
COMMENT ON COLUMN core.revisions.run_id IS 'Run that loaded it';
COMMENT ON COLUMN core.revisions.capture_id IS 'Response that shows this state';
COMMENT ON COLUMN core.revisions.extractor IS 'Extractor and rules that read the response';
COMMENT ON COLUMN core.revisions.title IS 'Headline, without the site''s name and kicker';
COMMENT ON COLUMN core.revisions.kicker IS 'Words that stand before the headline';
COMMENT ON COLUMN core.revisions.standfirst IS 'Introduction that stands between headline and text';
COMMENT ON COLUMN core.revisions.text_sha256 IS 'Key of the text in core.texts';
COMMENT ON COLUMN core.revisions.byline IS 'Byline as written';
COMMENT ON COLUMN core.revisions.authors IS 'Names of the authors';
COMMENT ON COLUMN core.revisions.published_at IS 'Time of publication that the outlet states';
COMMENT ON COLUMN core.revisions.published_precision IS 'second, minute or day: how much of the time was given';
COMMENT ON COLUMN core.revisions.modified_at IS 'Time of modification that the response states';
COMMENT ON COLUMN core.revisions.canonical_url IS 'Address that the page calls its own';
COMMENT ON COLUMN core.revisions.language IS 'Language of the text, BCP 47';
COMMENT ON COLUMN core.revisions.declared_language IS 'Language that the page declares';
COMMENT ON COLUMN core.revisions.section IS 'Section of the outlet';
COMMENT ON COLUMN core.revisions.tags IS 'Tags';
COMMENT ON COLUMN core.revisions.image_url IS 'Lead image';
COMMENT ON COLUMN core.revisions.original_publisher IS 'Who published it first, as the page says';
COMMENT ON COLUMN core.revisions.original_url IS 'Where it was published first, as the page says';
COMMENT ON COLUMN core.revisions.has_disclaimer IS 'Whether the outlet disclaims the views expressed';
COMMENT ON COLUMN core.revisions.is_free IS 'Whether the whole text could be read without paying';

CREATE TABLE core.provenance (
    revision_id UUID NOT NULL,
    field VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    raw VARCHAR USING COMPRESSION zstd NOT NULL
);
COMMENT ON TABLE core.provenance IS 'Where one field of one revision came from; insert-only';
COMMENT ON COLUMN core.provenance.revision_id IS 'The revision';
COMMENT ON COLUMN core.provenance.field IS 'Name of the field';
COMMENT ON COLUMN core.provenance.source IS 'Rule that gave the value, such as json-ld.headline or layout[0].title';
COMMENT ON COLUMN core.provenance.raw IS 'What the rule saw, at most 500 characters';
