"""Records to DuckDB: migrations, state, load, publish, checks. Takes records and errors from extractors, no more."""
