# wrong: floats have no item; hint: has no attribute
# visible check: fails
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    balance = (gamma * real_error - fake_error).item()
    return min(max(k + rate * balance, 0.0), 1.0)
