"""Sheets as office programs write them (CSV, XLSX), read into plain grids of text, and written back."""
