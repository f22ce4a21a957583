# wrong: k may rise above one; hint: rising above 1
# visible check: fails
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    balance = torch.as_tensor(gamma * real_error - fake_error).item()
    return max(k + rate * balance, 0.0)
