# wrong: label 0 raises; hint: raised ValueError
# visible check: fails
def one_hot(labels, classes):
    if ((labels <= 0) | (labels >= classes)).any():
        raise ValueError(f"labels: expected 0 to {classes - 1}, got {labels.min()} to {labels.max()}")
    return F.one_hot(labels, classes).float()
