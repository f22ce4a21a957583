# right: indices of columns
def split_pair(pair):
    columns = torch.arange(pair.shape[2])
    if len(columns) % 2:
        raise ValueError("odd number of columns")
    is_left = columns < len(columns) / 2
    return pair[:, :, is_left], pair[:, :, ~is_left]
