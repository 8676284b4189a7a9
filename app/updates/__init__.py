"""Updates by signed file, offline, and the way back. Qt-free.

For: the settings page, `pitcher update` and `pitcher rollback`, and who builds releases. An update
is one file that is handed over (`update_file`, `manifest`); nothing here looks for one, and nothing
opens a network connection. `admission` says whether this copy takes it, `applying` unpacks it
beside the version that runs, `prefix` switches between versions, `starting` records that a new one
has started. Of a system's package, a working tree and a build without a release key nothing is
changed.
"""

SUFFIX = ".pitcher-update"
