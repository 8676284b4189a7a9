"""Models carried by stick: a signed bundle in parts, made, checked byte by byte, installed.

Qt-free. `exporting` makes one of a model's files (`sources`), `importing` installs it, `checking`
reads all of a bundle or of an installed model again. `manifest` is what is signed (`signing`),
`trust` whose signature counts, `parts` the files on the stick, `sbom` and `report` what people
and their tools read. Everything on a stick is hostile until its signature and hash are checked.
"""
