"""The memory: disk, PostgreSQL, object store and the job queue."""
