"""Where threads meet Qt: background tasks, the engine's thread, operating-system signals."""
