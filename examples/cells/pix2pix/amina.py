# Everything right, as in the solution.

# %% l1_effect
# With L1 alone the shoes are blurred, since the mean of all shoes that fit is never far off.
# The discriminator does not believe in blur, so with it edges and texture come back.
