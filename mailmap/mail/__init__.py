"""What a mail is: envelope, message, attachments, replies and reports."""
