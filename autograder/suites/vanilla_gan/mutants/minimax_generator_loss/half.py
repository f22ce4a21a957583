# wrong: a factor 1/2; hint: factor 1/2
# visible check: fails
def minimax_generator_loss(fake_logits):
    targets = torch.zeros_like(fake_logits)
    return -bce_with_logits(fake_logits, targets) / 2
