# right: NumPy, squared distances
def mode_coverage(samples, centers, radius):
    import numpy as np

    x, c = np.asarray(samples), np.asarray(centers)
    squared = ((x[:, np.newaxis, :] - c[np.newaxis, :, :]) ** 2).sum(axis=-1)
    near = squared <= radius**2
    return np.count_nonzero(near.any(axis=0)), np.mean(near.any(axis=1))
