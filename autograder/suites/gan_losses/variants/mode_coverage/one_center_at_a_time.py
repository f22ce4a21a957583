# right: one center after the other, a mask of good samples
def mode_coverage(samples, centers, radius):
    good = torch.zeros(samples.shape[0], dtype=torch.bool)
    covered = 0
    for center in centers:
        near = torch.linalg.norm(samples - center, dim=1) <= radius
        covered += int(torch.any(near))
        good = good | near
    return covered, good.sum() / good.numel()
