"""Pure: the bytes of a page -> an article, or the verdict that it is none. No network, no clock, no disk."""
