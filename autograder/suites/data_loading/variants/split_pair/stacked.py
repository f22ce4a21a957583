# right: one tensor that unpacks into two
def split_pair(pair):
    c, h, w = pair.shape
    if w % 2 == 1:
        raise ValueError("odd")
    return pair.reshape(c, h, 2, w // 2).permute(2, 0, 1, 3)
