"""The event loop: numbers and columns, no objects."""
