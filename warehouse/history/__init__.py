"""What changed between two states of an article: words, numbers, and what is no change at all. Pure but for storage."""
