# Half done: what is not here is as it was released.

# %% comparison
# The pictures become digits. I did not get to the curves.
