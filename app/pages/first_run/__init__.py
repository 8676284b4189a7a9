"""The first page that a new user sees."""
