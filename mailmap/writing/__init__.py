"""What people read: composed mails, receipts, notices and keyed addresses."""
