"""Hidden suite of assignment 3, DCGAN."""
