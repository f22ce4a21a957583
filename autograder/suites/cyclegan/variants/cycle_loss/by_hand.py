# right: absolute values by hand
def cycle_loss(reconstructed, original):
    return (original - reconstructed).abs().mean()
