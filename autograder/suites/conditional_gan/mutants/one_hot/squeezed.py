# wrong: a single label loses a dimension; hint: Is there a row for each label
# visible check: fails
def one_hot(labels, classes):
    if ((labels < 0) | (labels >= classes)).any():
        raise ValueError(f"labels: expected 0 to {classes - 1}, got {labels.min()} to {labels.max()}")
    return F.one_hot(labels, classes).float().squeeze()
