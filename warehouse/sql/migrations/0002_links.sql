-- core: outlets, what is remembered of their sources, and the state of each link.
-- Grain: one outlet, one source, one link, one (link, source), one wording of hints.
-- Users: warehouse/state.py; main.links, main.coverage, main.articles (outlet_name).

CREATE TABLE core.outlets (
    outlet_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    homepage VARCHAR NOT NULL,
    country VARCHAR,
    languages VARCHAR[] NOT NULL,
    aliases VARCHAR[] NOT NULL
);
COMMENT ON TABLE core.outlets IS 'One outlet, as its file described it last';
COMMENT ON COLUMN core.outlets.outlet_id IS 'Stem of the outlet''s file';
COMMENT ON COLUMN core.outlets.name IS 'Name of the publication';
COMMENT ON COLUMN core.outlets.homepage IS 'Its home page';
COMMENT ON COLUMN core.outlets.country IS 'ISO 3166-1 alpha-2, lower case';
COMMENT ON COLUMN core.outlets.languages IS 'BCP 47 tags of the languages that it publishes in';
COMMENT ON COLUMN core.outlets.aliases IS 'Names by which others cite it';

CREATE TABLE core.source_states (
    outlet_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    validators STRUCT(url VARCHAR, etag VARCHAR, last_modified VARCHAR)[] NOT NULL,
    cursor VARCHAR,
    saved_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (outlet_id, source_id)
);
COMMENT ON TABLE core.source_states IS 'What is remembered of one source between runs';
COMMENT ON COLUMN core.source_states.outlet_id IS 'Outlet of the source';
COMMENT ON COLUMN core.source_states.source_id IS 'Kind and URL of the source';
COMMENT ON COLUMN core.source_states.validators IS 'ETag and Last-Modified as received, each with its URL';
COMMENT ON COLUMN core.source_states.cursor IS 'How far the source was read; its meaning belongs to the kind of source';
COMMENT ON COLUMN core.source_states.saved_at IS 'When a good poll saved it';

CREATE TABLE core.hints (
    hint_id VARCHAR PRIMARY KEY,
    title VARCHAR,
    standfirst VARCHAR,
    body_html VARCHAR USING COMPRESSION zstd,
    language VARCHAR,
    authors VARCHAR[] NOT NULL,
    published VARCHAR,
    modified VARCHAR,
    cms_id VARCHAR,
    section VARCHAR,
    tags VARCHAR[] NOT NULL,
    image_url VARCHAR
);
COMMENT ON TABLE core.hints IS 'One wording of what a source said about a link; insert-only, stored once by hash';
COMMENT ON COLUMN core.hints.hint_id IS 'SHA-256 over all fields, in hexadecimal';
COMMENT ON COLUMN core.hints.title IS 'Title, as the source gave it';
COMMENT ON COLUMN core.hints.standfirst IS 'Standfirst or description';
COMMENT ON COLUMN core.hints.body_html IS 'Full content in the source, as HTML';
COMMENT ON COLUMN core.hints.language IS 'Declared language';
COMMENT ON COLUMN core.hints.authors IS 'Authors, as the source gave them';
COMMENT ON COLUMN core.hints.published IS 'Publication time, in the source''s own form';
COMMENT ON COLUMN core.hints.modified IS 'Modification time, in the source''s own form';
COMMENT ON COLUMN core.hints.cms_id IS 'Id of the item in the outlet''s CMS';
COMMENT ON COLUMN core.hints.section IS 'Section or category';
COMMENT ON COLUMN core.hints.tags IS 'Tags';
COMMENT ON COLUMN core.hints.image_url IS 'Lead image';

CREATE TABLE core.links (
    link_id UUID PRIMARY KEY,
    outlet_id VARCHAR NOT NULL,
    normalized_url VARCHAR,
    requested_url VARCHAR NOT NULL,
    source_id VARCHAR,
    hint_id VARCHAR,
    first_seen_at TIMESTAMPTZ NOT NULL,
    queued_at TIMESTAMPTZ NOT NULL,
    position INTEGER NOT NULL,
    state VARCHAR NOT NULL CHECK (state IN ('pending', 'fetched', 'done')),
    stage VARCHAR,
    reason VARCHAR,
    decided_at TIMESTAMPTZ,
    attempt_count INTEGER NOT NULL,
    retry_at TIMESTAMPTZ,
    is_forced BOOLEAN NOT NULL,
    capture_id UUID,
    loaded_capture_id UUID,
    extracted_at TIMESTAMPTZ,
    article_id UUID
);
COMMENT ON TABLE core.links IS 'One discovered link and its current state';
COMMENT ON COLUMN core.links.link_id IS 'UUIDv5 of outlet and normalized URL';
COMMENT ON COLUMN core.links.outlet_id IS 'Outlet of the link';
COMMENT ON COLUMN core.links.normalized_url IS 'What two spellings of one address have in common; NULL for a link rejected before it was normalized';
COMMENT ON COLUMN core.links.requested_url IS 'URL as the source wrote it';
COMMENT ON COLUMN core.links.source_id IS 'Source that listed it first';
COMMENT ON COLUMN core.links.hint_id IS 'Newest hints that made the link due';
COMMENT ON COLUMN core.links.first_seen_at IS 'When it was discovered';
COMMENT ON COLUMN core.links.queued_at IS 'When it became due the last time';
COMMENT ON COLUMN core.links.position IS 'Place in the list that made it due; a feed''s first item is 0';
COMMENT ON COLUMN core.links.state IS 'pending: to be fetched; fetched: to be extracted; done: see reason';
COMMENT ON COLUMN core.links.stage IS 'Stage of the attempt that set the reason';
COMMENT ON COLUMN core.links.reason IS 'What became of the link at its last attempt; the current reason when the state is done';
COMMENT ON COLUMN core.links.decided_at IS 'When the reason was set';
COMMENT ON COLUMN core.links.attempt_count IS 'Transient failures in a row';
COMMENT ON COLUMN core.links.retry_at IS 'Not before this time, after a transient failure';
COMMENT ON COLUMN core.links.is_forced IS 'Asked for by hand: fetched without validators';
COMMENT ON COLUMN core.links.capture_id IS 'Newest response that was kept';
COMMENT ON COLUMN core.links.loaded_capture_id IS 'Newest response that gave an article';
COMMENT ON COLUMN core.links.extracted_at IS 'When a response of this link was extracted last, with whatever verdict';
COMMENT ON COLUMN core.links.article_id IS 'Article that the link leads to';

CREATE TABLE core.sightings (
    link_id UUID NOT NULL,
    source_id VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    hint_id VARCHAR NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    last_run_id VARCHAR NOT NULL,
    PRIMARY KEY (link_id, source_id)
);
COMMENT ON TABLE core.sightings IS 'One link in one source';
COMMENT ON COLUMN core.sightings.link_id IS 'The link';
COMMENT ON COLUMN core.sightings.source_id IS 'The source that listed it';
COMMENT ON COLUMN core.sightings.fingerprint IS 'Digest of what changes when the article is edited; another one makes the link due again';
COMMENT ON COLUMN core.sightings.hint_id IS 'What the source said of it';
COMMENT ON COLUMN core.sightings.first_seen_at IS 'When this source listed it first';
COMMENT ON COLUMN core.sightings.last_seen_at IS 'When this source listed it last';
COMMENT ON COLUMN core.sightings.last_run_id IS 'Run that saw it last';
