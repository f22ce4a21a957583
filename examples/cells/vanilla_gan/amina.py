# Everything right, as in the solution, with outputs as JupyterLab saves them.

# %% comparison
# Before training every picture is the same grey noise. Afterwards most are digits, and I find all ten classes, but
# strokes are frayed and single white pixels lie about, because each pixel is computed by itself.
#
# The discriminator's loss drops at first and then comes back to a little under log 2, where it stays; the generator's
# stays above it. From step 1000 on the pictures get much better and the curves hardly move.
#
# The loss compares the generator with a discriminator that learns at the same time, so its level says nothing about the
# pictures by itself. I would look at samples from fixed noise, or compute FID with a classifier trained on real digits.
