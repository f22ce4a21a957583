"""Hidden suite of the assignment "Vanilla GAN"."""
