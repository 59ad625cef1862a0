"""What runs in the browser: scripts and styles, joined into the one module that a widget loads."""
