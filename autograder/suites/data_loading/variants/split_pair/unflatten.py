# right: unflatten and unbind
def split_pair(pair):
    if pair.size(-1) % 2 != 0:
        raise ValueError("The width must be even, got %d" % pair.size(-1))
    return pair.unflatten(-1, (2, -1)).unbind(dim=-2)
