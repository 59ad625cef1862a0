"""A run as the page animates it."""
