# wrong: a center is covered if all samples are near; hint: all samples, or any
# visible check: fails
def mode_coverage(samples, centers, radius):
    distances = (samples[:, None] - centers[None]).norm(dim=2)
    near = distances <= radius
    covered = near.all(dim=0).sum().item()
    good = near.any(dim=1).float().mean().item()
    return covered, good
