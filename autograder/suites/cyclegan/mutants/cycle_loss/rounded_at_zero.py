# wrong: the root of the square and a little more, which is smooth near zero; hint: also of pictures that hardly differ
# visible check: fails
def cycle_loss(reconstructed, original):
    """Mean absolute difference between what came back and what was sent.

    Shapes: both (n, channels, h, w) -> ().
    Source: Zhu et al. 2017 (arXiv 1703.10593), section 3.2, one of its two terms.
    """
    return ((reconstructed - original) ** 2 + 1e-6).sqrt().mean()
