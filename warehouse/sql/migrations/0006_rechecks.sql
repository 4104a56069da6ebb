-- Words only: pages are fetched again by age, and an article can also be gone by a redirect or an emptied page.
-- Users: warehouse/rechecks.py, warehouse/removals.py.

COMMENT ON COLUMN core.links.decided_at IS 'When an attempt last ended for good, whether or not it set the reason; a recheck is due when it is older than an age of the schedule';
COMMENT ON COLUMN core.links.attempt_count IS 'Transient failures in a row, of a recheck too';
COMMENT ON COLUMN core.links.retry_at IS 'Not before this time, after a transient failure or a refusal to ask';
COMMENT ON COLUMN core.articles.removed_at IS 'When its address first answered 404 or 410, led to the home page or held nothing; NULL while it is up';
COMMENT ON COLUMN core.revisions.kind IS 'first, edit, removed (the address is gone, leads home or holds nothing; no content), restored (it is back), reextracted (the same response, read by another extractor)';
