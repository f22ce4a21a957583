"""Hidden suite of the assignment "Conditional GAN"."""
