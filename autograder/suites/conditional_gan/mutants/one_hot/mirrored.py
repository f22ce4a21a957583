# wrong: the classes from the last to the first; hint: from the wrong end
# visible check: fails
def one_hot(labels, classes):
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(f"labels must lie in 0 ... {classes - 1}")
    return torch.eye(classes, device=labels.device).flip(0)[labels]
