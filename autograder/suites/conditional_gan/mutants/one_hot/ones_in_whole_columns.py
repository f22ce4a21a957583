# wrong: ones in whole columns; hint: Each row has a single one
# visible check: fails
def one_hot(labels, classes):
    if any(not 0 <= int(label) < classes for label in labels):
        raise ValueError("no such class")
    vectors = labels.new_zeros((len(labels), classes), dtype=torch.float)
    vectors[:, labels] += 1
    return vectors
