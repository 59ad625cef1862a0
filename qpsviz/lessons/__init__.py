"""Questions of the lessons, graded by the package."""
