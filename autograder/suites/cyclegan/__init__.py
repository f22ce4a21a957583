"""Hidden suite of the assignment "cyclegan"."""
