# Everything right, as in the solution.

# %% stability
# Minimax drops modes here, and BEGAN sits on one: both generators get hardly any gradient where they ought to move.
# WGAN finds all eight but is not sharp, since clipping makes the critic too smooth.
