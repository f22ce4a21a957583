# wrong: what came back is detached; hint: Is the reconstruction detached
# visible check: passes
def cycle_loss(reconstructed, original):
    """Mean absolute difference between what came back and what was sent.

    Shapes: both (n, channels, h, w) -> ().
    Source: Zhu et al. 2017 (arXiv 1703.10593), section 3.2, one of its two terms.
    """
    return F.l1_loss(reconstructed.detach(), original)
