"""Hidden suite of the assignment "More stable GANs"."""
