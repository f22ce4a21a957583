# wrong: the target is 1 whatever was asked for; hint: Is is_real used
# visible check: fails
def adversarial_loss(scores, is_real):
    """Mean squared distance of the scores to 1 if they are to be those of real images, else to 0.

    Shapes: scores of any shape -> ().
    Source: Zhu et al. 2017, section 4; least squares after Mao et al. 2017 (arXiv 1611.04076), without its 1/2.
    """
    target = torch.ones_like(scores)
    return F.mse_loss(scores, target)
