# right: tensor_split, the width from unpacking
def split_pair(pair):
    channels, height, width = pair.size()
    if width & 1:
        raise ValueError(f"width {width}")
    left, right = torch.tensor_split(pair, 2, dim=2)
    return left.clone(), right.clone()
