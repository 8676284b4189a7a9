"""The kill campaign against the history: a program that works on one and is killed, and a parent
that writes down what was acknowledged and then looks whether all of it is there.

For: `tools/kill_history.py` and the tests. `worker` is what is killed, started by `launching`
through the real launcher and lock; `oracle` is the parent's record; `judge` compares.
"""
