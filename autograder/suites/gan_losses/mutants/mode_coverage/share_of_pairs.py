# wrong: the share of pairs; hint: pairs of sample and center
# visible check: fails
def mode_coverage(samples, centers, radius):
    distances = (samples[:, None] - centers[None]).norm(dim=2)
    near = distances <= radius
    covered = near.any(dim=0).sum().item()
    good = near.float().mean().item()
    return covered, good
