"""One folder a page: the page, its controller, its widgets. Pages never import one another."""
