"""Our own downloader: a model's files from the Hub, every byte checked. Qt-free.

For: the courier, the only process that may open an IP socket. `hosts` says who may be asked,
`transport` asks and reports each exchange, `hub` lists a repository, `choices` says what of it a
model needs, `job` fetches that into a folder that gets its name when all of it is verified.
`errors`, `source`, `unfinished`, `listing`, `choices`, `exchange`, `names`, `progress` and `token`
know no network, and may be imported by whoever never opens it.
"""
