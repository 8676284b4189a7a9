"""What keeps a history whole over years: checks, backups, restoring, forgetting on time, wiping.

For: `app/chats/history.py` and the command line. One of these works at a time (`Backups.alone`
sees to it); the store is used meanwhile. Nothing here knows a window or a setting.
"""
