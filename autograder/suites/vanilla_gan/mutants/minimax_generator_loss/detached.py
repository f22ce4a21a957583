# wrong: no gradient for the generator; hint: Did you detach the logits
# visible check: passes
def minimax_generator_loss(fake_logits):
    targets = torch.zeros_like(fake_logits)
    return -bce_with_logits(fake_logits.detach(), targets)
