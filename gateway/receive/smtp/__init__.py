"""The SMTP doors: one aiosmtpd subclass, cured, and what stands around it."""
