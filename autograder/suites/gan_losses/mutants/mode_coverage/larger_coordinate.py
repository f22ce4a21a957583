# wrong: the larger of both coordinates; hint: distance Euclidean
# visible check: passes
def mode_coverage(samples, centers, radius):
    distances = (samples[:, None] - centers[None]).abs().amax(dim=2)
    near = distances <= radius
    covered = near.any(dim=0).sum().item()
    good = near.any(dim=1).float().mean().item()
    return covered, good
