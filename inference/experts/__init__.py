"""Where each routed expert lives, and how a layer gets those that it needs."""
