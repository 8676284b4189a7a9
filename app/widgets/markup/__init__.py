"""Widgets that draw the blocks of a message; `views` is the door."""
