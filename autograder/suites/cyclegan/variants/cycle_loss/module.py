# right: nn.L1Loss
def cycle_loss(reconstructed, original):
    l1 = nn.L1Loss(reduction="mean")
    return l1(reconstructed, original)
