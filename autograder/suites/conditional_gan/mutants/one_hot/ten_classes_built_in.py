# wrong: ten columns and no more; hint: how many numbers a vector has
# visible check: passes
def one_hot(labels, classes):
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(f"labels must lie in 0 ... {classes - 1}")
    return torch.eye(10, device=labels.device)[labels, :classes]
