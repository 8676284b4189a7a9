"""Chats written out for people (Markdown, HTML) and for programs (JSON), and JSON read in again.

For: the window and the command line. `markdown`, `html` and `json_export` turn model objects
into pieces of text, `writing` puts pieces into a file whole or not at all, `json_import`
checks a file that anyone may have written. Nothing here opens the history or asks the user.
"""
