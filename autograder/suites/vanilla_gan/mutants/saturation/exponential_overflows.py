# wrong: NaN at large logits; hint: an exponential that overflows
# visible check: passes
def saturation(logits):
    minimax_gradients = -torch.exp(logits) / (1 + torch.exp(logits))
    non_saturating_gradients = -torch.sigmoid(-logits)
    return minimax_gradients, non_saturating_gradients
