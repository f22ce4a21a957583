# wrong: a tensor, if the real error alone is one; hint: Is it a Python float
# visible check: passes
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    balance = (gamma * real_error - fake_error).item() if torch.is_tensor(fake_error) else gamma * real_error - fake_error
    return min(max(k + rate * balance, 0.0), 1.0)
