"""What the lock is, what it was tested with, and what it does not cover."""
