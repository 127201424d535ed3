"""What may happen: the ordered rules, the transition tables, trust and retry."""
