# right: ones assigned by index
def one_hot(labels, classes):
    if any(not 0 <= int(label) < classes for label in labels):
        raise ValueError("no such class")
    vectors = labels.new_zeros((len(labels), classes), dtype=torch.float)
    vectors[range(len(labels)), labels] += 1
    return vectors
