"""Claims of publications, their audit, and the data of the paper's figures."""
