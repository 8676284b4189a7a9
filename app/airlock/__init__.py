"""The lock around the chat process: what starts it, what it refuses, and how that is tested.

The only package that may know sockets. Free of Qt and torch: the launcher and the template
worker live here, and the chat process verifies its lock before it imports either.
"""
