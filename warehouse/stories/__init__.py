"""Near-identical articles to stories: who published first, and who republished it from whom."""
