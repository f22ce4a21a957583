# wrong: always one half; hint: Is gamma used as given
# visible check: passes
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    balance = torch.as_tensor(0.5 * real_error - fake_error).item()
    return min(max(k + rate * balance, 0.0), 1.0)
