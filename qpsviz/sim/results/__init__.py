"""What a simulation found: tables, statistics, files."""
