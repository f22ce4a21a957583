# right: torch.chunk
def split_pair(pair):
    if pair.shape[-1] % 2:
        raise ValueError("odd width")
    return pair.chunk(2, dim=-1)
