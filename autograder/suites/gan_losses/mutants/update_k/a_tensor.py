# wrong: a tensor that carries its graph; hint: Is it a Python float
# visible check: fails
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    balance = torch.as_tensor(gamma * real_error - fake_error)
    return min(max(k + rate * balance, 0.0), 1.0)
