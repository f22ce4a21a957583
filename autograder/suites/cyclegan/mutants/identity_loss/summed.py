# wrong: sum instead of mean; hint: Did you sum over all values
# visible check: fails
def identity_loss(generator, target_domain_images):
    """Mean absolute difference between images of the domain that the generator produces and what it makes of them.

    Shapes: target_domain_images (n, channels, h, w) -> ().
    Source: Zhu et al. 2017 (arXiv 1703.10593), section 5.2.
    """
    return F.l1_loss(generator(target_domain_images), target_domain_images, reduction="sum")
