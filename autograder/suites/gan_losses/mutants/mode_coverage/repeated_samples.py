# wrong: samples that come twice are counted once; hint: the share of samples that are within
# visible check: passes
def mode_coverage(samples, centers, radius):
    distances = (samples.unique(dim=0)[:, None] - centers[None]).norm(dim=2)
    near = distances <= radius
    covered = near.any(dim=0).sum().item()
    good = near.any(dim=1).float().mean().item()
    return covered, good
