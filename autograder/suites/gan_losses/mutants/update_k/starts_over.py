# wrong: k is forgotten; hint: or does it change by it
# visible check: fails
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    balance = torch.as_tensor(gamma * real_error - fake_error).item()
    return min(max(rate * balance, 0.0), 1.0)
