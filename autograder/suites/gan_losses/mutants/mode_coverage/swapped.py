# wrong: the share first; hint: Which comes first
# visible check: fails
def mode_coverage(samples, centers, radius):
    distances = (samples[:, None] - centers[None]).norm(dim=2)
    near = distances <= radius
    covered = near.any(dim=0).sum().item()
    good = near.any(dim=1).float().mean().item()
    return good, covered
