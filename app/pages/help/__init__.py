"""The page of the help: what people with no manual want to know, searched without a network."""
