"""The tab "Traffic": many users on a network, watched, and compared under more and more load."""
