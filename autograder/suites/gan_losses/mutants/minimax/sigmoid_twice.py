# wrong: probabilities where logits belong; hint: sigmoid
# visible check: fails
bce = lambda logits, targets: F.binary_cross_entropy_with_logits(logits.sigmoid(), targets)


def minimax_discriminator_loss(real_logits, fake_logits):
    on_real = bce(real_logits, torch.ones_like(real_logits))
    on_fake = bce(fake_logits, torch.zeros_like(fake_logits))
    return torch.stack([on_real, on_fake]).sum()


def minimax_generator_loss(fake_logits):
    return -bce(fake_logits, torch.zeros_like(fake_logits))
