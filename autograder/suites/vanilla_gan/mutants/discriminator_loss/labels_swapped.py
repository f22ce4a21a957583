# wrong: real judged as fake and the other way round; hint: Did you swap
# visible check: fails
def discriminator_loss(real_logits, fake_logits):
    return 0.5 * F.softplus(real_logits).mean() + 0.5 * F.softplus(-fake_logits).mean()
