"""Markdown as a model writes it → blocks to draw. Free of Qt."""
