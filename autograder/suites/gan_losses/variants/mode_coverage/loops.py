# right: loops and math.dist
def mode_coverage(samples, centers, radius):
    hit = set()
    good = 0
    for sample in samples.tolist():
        near = [i for i, center in enumerate(centers.tolist()) if math.dist(sample, center) <= radius]
        hit |= set(near)
        good += bool(near)
    return len(hit), good / len(samples)
