# wrong: logarithm of D; hint: logarithm of D instead of 1 - D
# visible check: fails
def minimax_generator_loss(fake_logits):
    targets = torch.ones_like(fake_logits)
    return -bce_with_logits(fake_logits, targets)
