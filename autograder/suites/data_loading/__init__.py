"""Hidden suite of the assignment "Data loading"."""
