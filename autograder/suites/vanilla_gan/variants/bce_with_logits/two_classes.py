# right: softmax cross-entropy of two classes with soft targets
def bce_with_logits(logits, targets):
    return F.cross_entropy(torch.stack([torch.zeros_like(logits), logits], 1), torch.stack([1 - targets, targets], 1))
