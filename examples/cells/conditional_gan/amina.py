# Everything right, as in the solution.

# %% conditioning
# One sees it in the class grid: all rows show the same digits, since the noise alone decides. As a number, class
# accuracy stays near one in ten. And the discriminator gives the same logit for a picture whatever label stands beside it.
