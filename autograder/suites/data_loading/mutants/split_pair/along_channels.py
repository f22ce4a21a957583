# wrong: cut along the channels; hint: Is it cut along the width
# visible check: fails
def split_pair(pair):
    if pair.shape[-1] % 2:
        raise ValueError("odd width")
    return pair.chunk(2)
