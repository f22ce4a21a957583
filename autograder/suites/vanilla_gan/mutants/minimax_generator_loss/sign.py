# wrong: minus too many or too few; hint: Is the sign right
# visible check: fails
def minimax_generator_loss(fake_logits):
    targets = torch.zeros_like(fake_logits)
    return bce_with_logits(fake_logits, targets)
