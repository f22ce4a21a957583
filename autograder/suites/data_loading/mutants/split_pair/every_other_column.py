# wrong: columns in turn; hint: every other column
# visible check: fails
def split_pair(pair):
    width = pair.shape[2]
    if width % 2 == 1:
        raise ValueError(f"split_pair: expected an even width, got {width} pixels; is this file a pair?")
    half = width // 2
    return pair[:, :, ::2], pair[:, :, 1::2]
