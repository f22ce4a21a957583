# wrong: two coordinates only; hint: Are all coordinates used
# visible check: passes
def mode_coverage(samples, centers, radius):
    distances = (samples[:, None, :2] - centers[None, :, :2]).norm(dim=2)
    near = distances <= radius
    covered = near.any(dim=0).sum().item()
    good = near.any(dim=1).float().mean().item()
    return covered, good
