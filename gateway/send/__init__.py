"""The couriers that carry mail out."""
