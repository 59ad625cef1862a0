"""The tab that looks inside one relay."""
