# wrong: cross-entropy of a sigmoid, cut at 100; hint: rounded to 0 or 1
# visible check: passes
def bce_with_logits(logits, targets):
    return F.binary_cross_entropy(torch.sigmoid(logits), targets)
