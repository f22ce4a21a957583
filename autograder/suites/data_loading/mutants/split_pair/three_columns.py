# wrong: as the handwritten notes cut; hint: each (c, h, w)
# visible check: fails
def split_pair(pair):
    width = pair.shape[2]
    if width % 2 == 1:
        raise ValueError(f"split_pair: expected an even width, got {width} pixels; is this file a pair?")
    half = 3
    return pair[:, :, :half], pair[:, :, half:]
