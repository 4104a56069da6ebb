"""What people and programs see of results: progress, tables, files."""
