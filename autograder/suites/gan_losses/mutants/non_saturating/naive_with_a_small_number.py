# wrong: a small number keeps the logarithm finite and flat; hint: rounded to 0 or 1
# visible check: fails
def non_saturating_discriminator_loss(real_logits, fake_logits):
    return minimax_discriminator_loss(real_logits, fake_logits)


def non_saturating_generator_loss(fake_logits):
    return -torch.log(torch.sigmoid(fake_logits) + 1e-12).mean()
