"""The journal: whatever a run tells the warehouse, noted in the archive first, so that it can be told again."""
