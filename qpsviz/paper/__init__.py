"""Claims of the paper and the data of its figures."""
