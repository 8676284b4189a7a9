"""What a person may hand to support or an auditor: facts about the program, never a word of it.

For: `doctor --export` and the window. Qt-free. Every value in the file is of a closed type
(`kinds`) that the form (`form`) declares: a number, yes or no, a moment, a version, a digest
that is made here, the place of our own code, or a word of `words`. What does not fit is
withheld and counted. The bytes are read back by `reading`, which knows nothing of the form's
checks, before a file gets its name. `about_*` gather, `failures` remembers what went wrong.
"""
