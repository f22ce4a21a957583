"""Hidden suite of the assignment "pix2pix"."""
