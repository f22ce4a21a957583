# wrong: both with the wrong sign; hint: Is the sign right
# visible check: fails
def saturation(logits):
    minimax_gradients = -torch.sigmoid(logits)
    non_saturating_gradients = -torch.sigmoid(-logits)
    return -minimax_gradients, -non_saturating_gradients
