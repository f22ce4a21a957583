# wrong: what is far counts; hint: within radius, not outside
# visible check: fails
def mode_coverage(samples, centers, radius):
    distances = (samples[:, None] - centers[None]).norm(dim=2)
    near = distances <= radius
    covered = near.any(dim=0).sum().item()
    good = (~near).all(dim=1).float().mean().item()
    return covered, good
