# right: narrow
def split_pair(pair):
    w = pair.size(2)
    if w // 2 * 2 != w:
        raise ValueError
    return pair.narrow(2, 0, w // 2), pair.narrow(2, w // 2, w // 2)
