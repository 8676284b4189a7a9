"""The application: window, terminal, processes and lock. The only package that knows Qt."""
