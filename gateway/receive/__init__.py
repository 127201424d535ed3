"""The doors by which mail comes in."""
