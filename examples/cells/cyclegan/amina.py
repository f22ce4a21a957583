# Everything right, as in the solution.

# %% cycles
# The identity and its negative have no cycle loss at all, though nothing is translated: only the discriminators ask for
# boots. For de-raining I would not trust what was behind the drops; it is invented.
