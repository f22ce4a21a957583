# wrong: exactly zero where it should be tiny; hint: difference of two numbers near one
# visible check: passes
def saturation(logits):
    minimax_gradients = torch.sigmoid(-logits) - 1
    non_saturating_gradients = -torch.sigmoid(-logits)
    return minimax_gradients, non_saturating_gradients
