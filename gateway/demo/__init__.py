"""The demo: a true story in a small province, played over real SMTP by the real gateway."""
