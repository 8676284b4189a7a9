"""Measurements against peers and against the machine's own bandwidth; nothing here is shipped."""
