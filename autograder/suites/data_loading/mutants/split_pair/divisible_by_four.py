# wrong: refuses halves with an odd number of columns; hint: Does it depend on the picture's size
# visible check: fails
def split_pair(pair):
    width = pair.shape[2]
    if width % 4 != 0:
        raise ValueError(f"split_pair: expected an even width, got {width} pixels; is this file a pair?")
    half = width // 2
    return pair[:, :, :half], pair[:, :, half:]
