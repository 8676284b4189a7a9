"""The courier: the only process that may open an IP socket, and what leads to it and from it.

For one download the launcher starts it (`desk`, `starting`, under `lockdown`), on a proposal
that the chat process sends by a pipe (`door`). It asks the user itself (`asking`, `terminal`,
`window`), fetches (`journey`), and tells what it did (`messages`). It knows no chat.
"""
