# wrong: three channels are taken for granted; hint: Does it depend on the number of channels
# visible check: passes
def split_pair(pair):
    (_, _, _), height, width = pair, *pair.shape[1:]
    if width & 1:
        raise ValueError(f"width {width}")
    left, right = torch.tensor_split(pair, 2, dim=2)
    return left.clone(), right.clone()
