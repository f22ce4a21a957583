# right: whole numbers as limits
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    k += rate * (gamma * float(real_error) - float(fake_error))
    return max(0, min(1, k))
