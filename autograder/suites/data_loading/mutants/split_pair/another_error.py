# wrong: another error; hint: raise a ValueError if it is odd
# visible check: fails
def split_pair(pair):
    if pair.shape[-1] % 2:
        raise TypeError("odd width")
    return pair.chunk(2, dim=-1)
