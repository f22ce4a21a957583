# wrong: only the last label is looked at; hint: The text asks for a ValueError
# visible check: passes
def one_hot(labels, classes):
    if labels[-1] < 0 or labels[-1] >= classes:
        raise ValueError(f"labels must lie in 0 ... {classes - 1}")
    return torch.eye(classes, device=labels.device)[labels]
