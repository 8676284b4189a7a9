"""Widgets that several pages share. They draw and signal; they hold no truth of their own."""
