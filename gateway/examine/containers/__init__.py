"""Containers: what files are wrapped in, opened safely in the sandbox's children."""
