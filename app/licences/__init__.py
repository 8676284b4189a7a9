"""Whose works the program consists of, and under which licences. Free of Qt."""
