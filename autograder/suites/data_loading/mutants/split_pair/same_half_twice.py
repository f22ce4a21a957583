# wrong: the left half twice; hint: Are both the same half
# visible check: fails
def split_pair(pair):
    width = pair.shape[2]
    if width % 2 == 1:
        raise ValueError(f"split_pair: expected an even width, got {width} pixels; is this file a pair?")
    half = width // 2
    return pair[:, :, :half], pair[:, :, :half]
