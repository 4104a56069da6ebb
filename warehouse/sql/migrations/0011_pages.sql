-- Articles on several pages, the free words of articles behind a paywall, and the sentences of a text.
-- Grain: one further page of the article whose first page one response shows; one response that shows a stub.
-- Users: warehouse/further_pages.py, warehouse/load.py; main.further_pages, main.stubs, main.articles, main.revisions.

CREATE TABLE core.further_pages (
    first_capture_id UUID NOT NULL,
    page_number INTEGER NOT NULL,
    requested_url VARCHAR NOT NULL,
    capture_id UUID,
    reason VARCHAR NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (first_capture_id, page_number)
);
COMMENT ON TABLE core.further_pages IS 'One further page of an article that goes on behind the first one, as it was asked for when that response was read; insert-only';
COMMENT ON COLUMN core.further_pages.first_capture_id IS 'Response that shows the article''s first page';
COMMENT ON COLUMN core.further_pages.page_number IS 'Its place among the pages, from 2';
COMMENT ON COLUMN core.further_pages.requested_url IS 'Its address, as the page before it gives it';
COMMENT ON COLUMN core.further_pages.capture_id IS 'Response that shows it; NULL where none was kept';
COMMENT ON COLUMN core.further_pages.reason IS 'further_page where it was fetched; else why it could not be had';
COMMENT ON COLUMN core.further_pages.occurred_at IS 'When that was settled';
COMMENT ON COLUMN core.further_pages.run_id IS 'Run that settled it';

CREATE TABLE core.stubs (
    capture_id UUID PRIMARY KEY,
    link_id UUID NOT NULL,
    text_sha256 VARCHAR NOT NULL
);
COMMENT ON TABLE core.stubs IS 'What one response shows of an article that is not free';
COMMENT ON COLUMN core.stubs.capture_id IS 'The response';
COMMENT ON COLUMN core.stubs.link_id IS 'Link that it was fetched for';
COMMENT ON COLUMN core.stubs.text_sha256 IS 'Key of the free text in core.texts';

ALTER TABLE core.revisions ADD COLUMN is_complete BOOLEAN;
COMMENT ON COLUMN core.revisions.is_complete IS 'Whether the text is of all pages of the article; NULL in states that were loaded before pages were joined';

ALTER TABLE core.texts ADD COLUMN sentence_count INTEGER;
COMMENT ON COLUMN core.texts.sentence_count IS 'Sentences of the text; NULL of texts that were stored before sentences were counted';
