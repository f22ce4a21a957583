# wrong: the other way round; hint: Did you swap the two
# visible check: fails
def saturation(logits):
    minimax_gradients = -torch.sigmoid(logits)
    non_saturating_gradients = -torch.sigmoid(-logits)
    return non_saturating_gradients, minimax_gradients
