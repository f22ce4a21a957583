# wrong: the radius taken for a diameter; hint: taken for a diameter
# visible check: fails
def mode_coverage(samples, centers, radius):
    distances = (samples[:, None] - centers[None]).norm(dim=2)
    near = distances <= radius / 2
    covered = near.any(dim=0).sum().item()
    good = near.any(dim=1).float().mean().item()
    return covered, good
