"""The map room: pure functions from mail to documents and back. No clock, disk, network, chance or log."""
