# wrong: the logarithm of a sigmoid, which is 0 for some logits; hint: Are logits of moderate size right?
# visible check: passes
def generator_loss(fake_logits, fake, photo, l1_weight=100.0):
    """BCE of fake logits against 1, plus l1_weight times the mean absolute difference of fake and photo.

    Shapes: fake_logits (n, 1, rows, columns), fake and photo (n, channels, h, w) -> ().
    Source: Isola et al. 2017, section 3.1; l1_weight is the paper's lambda.
    """
    fooling = -torch.sigmoid(fake_logits).log().mean()
    return fooling + l1_weight * l1_only_loss(fake, photo)


def l1_only_loss(fake, photo):
    """Mean absolute difference of fake and photo.

    Shapes: fake and photo (n, channels, h, w) -> ().
    """
    return F.l1_loss(fake, photo)
