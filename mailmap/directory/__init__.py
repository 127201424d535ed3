"""Who is who: units, their addresses, and where a recipient leads on a given day."""
