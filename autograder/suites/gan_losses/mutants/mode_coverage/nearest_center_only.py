# wrong: a sample covers its nearest center only; hint: near more than one center
# visible check: passes
def mode_coverage(samples, centers, radius):
    distances = (samples[:, None] - centers[None]).norm(dim=2)
    near = (distances <= radius) & (distances == distances.min(dim=1, keepdim=True).values)
    covered = near.any(dim=0).sum().item()
    good = near.any(dim=1).float().mean().item()
    return covered, good
