# right: torch.split, a list returned
def split_pair(pair):
    half, rest = divmod(pair.shape[2], 2)
    if rest != 0:
        raise ValueError("a pair has an even width")
    return list(torch.split(pair, half, dim=2))
