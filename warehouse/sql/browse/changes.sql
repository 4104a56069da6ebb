-- What changed in one article, newest first; of long fields the words. Grain: one changed field of one revision.
-- Input: main.changes. User: warehouse/browse.py.

SELECT
    revision_number,
    field,
    before,
    after,
    words_added,
    words_removed,
    passages
FROM main.changes
WHERE article_id = CAST($article_id AS UUID) AND revision_number > $above
ORDER BY
    revision_number DESC,
    COALESCE(LIST_POSITION(['title', 'kicker', 'standfirst', 'text', 'corrections'], field), 9),
    field
