# wrong: k only rises; hint: absolute value of the balance
# visible check: fails
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    balance = torch.as_tensor(gamma * real_error - fake_error).item()
    return min(max(k + rate * abs(balance), 0.0), 1.0)
