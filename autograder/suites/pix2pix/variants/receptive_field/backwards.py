# right: from the output to the input
def receptive_field(layers):
    size = 1
    for k, s in layers[::-1]:
        size = (size - 1) * s + k
    return size
