# wrong: zeros and ones swapped; hint: the other way round
# visible check: fails
def one_hot(labels, classes):
    hot = labels.unsqueeze(-1) == torch.arange(classes, device=labels.device)
    if not hot.any(dim=1).all():
        raise ValueError("a label is out of range")
    return (~hot).to(torch.float32)
