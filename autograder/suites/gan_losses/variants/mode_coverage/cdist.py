# right: torch.cdist and minima
def mode_coverage(samples, centers, radius):
    distances = torch.cdist(samples, centers)
    covered = (distances.min(dim=0).values <= radius).sum()
    share = (distances.min(dim=1).values <= radius).float().mean()
    return int(covered), float(share)
