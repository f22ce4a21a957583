# wrong: the weight multiplies both parts; hint: Which part is weighted
# visible check: fails
def generator_loss(fake_logits, fake, photo, l1_weight=100.0):
    """BCE of fake logits against 1, plus l1_weight times the mean absolute difference of fake and photo.

    Shapes: fake_logits (n, 1, rows, columns), fake and photo (n, channels, h, w) -> ().
    Source: Isola et al. 2017, section 3.1; l1_weight is the paper's lambda.
    """
    fooling = F.binary_cross_entropy_with_logits(fake_logits, torch.ones_like(fake_logits))
    return l1_weight * (fooling + l1_only_loss(fake, photo))


def l1_only_loss(fake, photo):
    """Mean absolute difference of fake and photo.

    Shapes: fake and photo (n, channels, h, w) -> ().
    """
    return F.l1_loss(fake, photo)
