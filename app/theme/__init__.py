"""How the window looks: colours, distances, type, icons. For widgets; holds no behaviour."""
