# wrong: with respect to D; hint: with respect to D instead of the logit
# visible check: fails
def saturation(logits):
    minimax_gradients = -torch.sigmoid(logits)
    non_saturating_gradients = -1 / torch.sigmoid(logits)
    return minimax_gradients, non_saturating_gradients
