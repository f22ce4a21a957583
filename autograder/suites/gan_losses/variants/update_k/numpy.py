# right: NumPy's clip
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    import numpy as np

    step = rate * gamma * float(real_error) - rate * float(fake_error)
    return float(np.clip(k + step, 0.0, 1.0))
