# wrong: of many samples, more than one has to be near; hint: however many centers
# visible check: passes
def mode_coverage(samples, centers, radius):
    distances = (samples[:, None] - centers[None]).norm(dim=2)
    near = distances <= radius
    covered = (near.sum(dim=0) >= max(1, len(samples) // 1000)).sum().item()
    good = near.any(dim=1).float().mean().item()
    return covered, good
