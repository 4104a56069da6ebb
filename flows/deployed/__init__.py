"""What Prefect knows of wirewatch: the flows beside ``ingest``, their names, logs and endings, and their runner."""
