"""Outlet to records: discover, fetch, archive, parse, normalize. Knows neither Prefect nor DuckDB."""
