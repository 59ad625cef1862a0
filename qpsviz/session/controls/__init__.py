"""The control column as data."""
