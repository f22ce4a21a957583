# right: recursion over the last layer, with torch.prod
def receptive_field(layers):
    if not layers:
        return 1
    *before, (k, _) = layers
    return receptive_field(before) + (k - 1) * int(torch.prod(torch.tensor([s for _, s in before], dtype=torch.long)))
