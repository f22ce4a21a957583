# wrong: as many classes as the batch shows; hint: a number for each class
# visible check: fails
def one_hot(labels, classes):
    if ((labels < 0) | (labels >= classes)).any():
        raise ValueError(f"labels: expected 0 to {classes - 1}, got {labels.min()} to {labels.max()}")
    return F.one_hot(labels).float()
