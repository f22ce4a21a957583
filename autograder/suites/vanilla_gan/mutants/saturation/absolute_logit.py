# wrong: right for negative logits only; hint: absolute value of the logit
# visible check: passes
def saturation(logits):
    minimax_gradients = -torch.sigmoid(-logits.abs())
    non_saturating_gradients = -torch.sigmoid(-logits)
    return minimax_gradients, non_saturating_gradients
