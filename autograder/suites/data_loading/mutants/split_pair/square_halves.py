# wrong: as wide as high; hint: Does it depend on the picture's size
# visible check: fails
def split_pair(pair):
    width = pair.shape[2]
    if width % 2 == 1:
        raise ValueError(f"split_pair: expected an even width, got {width} pixels; is this file a pair?")
    half = pair.shape[1]
    return pair[:, :, :half], pair[:, :, half:]
