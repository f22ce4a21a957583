# wrong: only the first eight centers are looked at; hint: however many centers
# visible check: passes
def mode_coverage(samples, centers, radius):
    distances = (samples[:, None] - centers[None, :8]).norm(dim=2)
    near = distances <= radius
    covered = near.any(dim=0).sum().item()
    good = near.any(dim=1).float().mean().item()
    return covered, good
