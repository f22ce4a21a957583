# Everything right, as in the solution.

# %% normalisation
# Tanh ends in -1 and 1, so the generator can paint nothing else. With pictures in [0, 1]
# the discriminator would only look for negative numbers.
