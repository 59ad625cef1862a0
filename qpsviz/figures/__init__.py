"""Bokeh figures, the columns that they draw, and the theme."""
