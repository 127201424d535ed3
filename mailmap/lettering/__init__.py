"""Lettering: Vietnamese as old fonts and code pages stored it, told by its syllables, read as Unicode."""
