"""What an official document is: kinds, symbols, fields, tracking codes and the facts about it."""
