"""The Frame tab."""
