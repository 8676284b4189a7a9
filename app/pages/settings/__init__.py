"""The page of the application's settings."""
