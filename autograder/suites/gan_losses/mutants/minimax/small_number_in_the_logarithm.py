# wrong: a small number keeps the logarithm finite and flat; hint: rounded to 0 or 1
# visible check: fails
def minimax_discriminator_loss(real_logits, fake_logits):
    real_loss = -F.logsigmoid(real_logits).mean()
    fake_loss = -F.logsigmoid(-fake_logits).mean()
    return real_loss + fake_loss


def minimax_generator_loss(fake_logits):
    return torch.log(1 - torch.sigmoid(fake_logits) + 1e-8).mean()
