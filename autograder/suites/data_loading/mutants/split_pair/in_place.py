# wrong: changes the picture given; hint: Is something done in place
# visible check: fails
def split_pair(pair):
    w = pair.clamp_(-0.5, 0.5).size(2)
    if w // 2 * 2 != w:
        raise ValueError
    return pair.narrow(2, 0, w // 2), pair.narrow(2, w // 2, w // 2)
