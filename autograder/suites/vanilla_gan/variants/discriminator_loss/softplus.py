# right: closed form without the brick
def discriminator_loss(real_logits, fake_logits):
    return 0.5 * F.softplus(-real_logits).mean() + 0.5 * F.softplus(fake_logits).mean()
