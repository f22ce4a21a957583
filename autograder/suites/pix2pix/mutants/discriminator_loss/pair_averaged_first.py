# wrong: patches of each pair are averaged before the loss; hint: loss of
# visible check: passes
def discriminator_loss(real_logits, fake_logits):
    """Average of the BCE of real logits against 1 and of fake logits against 0, over all patches of all pairs.

    Shapes: real_logits (n, 1, rows, columns), fake_logits (m, 1, rows, columns) -> ().
    Source: Isola et al. 2017, section 3.1, with 1/2 for each term (section 3.3).
    """
    real_loss = F.binary_cross_entropy_with_logits(real_logits, torch.ones_like(real_logits))
    fake_loss = F.softplus(fake_logits.mean((1, 2, 3))).mean()
    return (real_loss + fake_loss) / 2
