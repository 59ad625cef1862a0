"""Exact answers for one path that is otherwise idle."""
