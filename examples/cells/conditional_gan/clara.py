# Three exercises, and a question half answered.

# %% conditioning
# The class accuracy is low.
