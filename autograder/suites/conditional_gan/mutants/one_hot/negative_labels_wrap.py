# wrong: negative labels count from the end; hint: a label below 0
# visible check: fails
def one_hot(labels, classes):
    if labels.max() >= classes:
        raise ValueError(f"labels must lie in 0 ... {classes - 1}")
    return torch.eye(classes, device=labels.device)[labels]
