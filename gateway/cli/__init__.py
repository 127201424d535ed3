"""The command line: one small file per group of commands, put together by the table in ``table``."""

from gateway.cli.frame import main

__all__ = ["main"]
