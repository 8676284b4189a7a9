"""The history: conversations, encrypted from the first byte, under a key that is the owner's.

Qt-free. `model` says what a conversation is, `database` and `store` keep it, `vault` keeps
the key, `upkeep` backs up, repairs, forgets; `transfer` writes it out and reads it in again.
`history` is the door that the window and the command line use.
"""
