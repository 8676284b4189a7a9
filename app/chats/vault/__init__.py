"""The key of a history: made, kept, asked for, and the words when it can't be had.

For: `app/chats/history.py`, the one door to a history. `opening` decides what a profile folder
is and how to go on; `ways` changes how it is locked. Nothing here opens a database.
"""
