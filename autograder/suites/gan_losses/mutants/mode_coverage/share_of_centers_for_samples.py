# wrong: the share of the centers; hint: not of the centers
# visible check: fails
def mode_coverage(samples, centers, radius):
    distances = (samples[:, None] - centers[None]).norm(dim=2)
    near = distances <= radius
    covered = near.any(dim=0).sum().item()
    good = near.any(dim=0).float().mean().item()
    return covered, good
