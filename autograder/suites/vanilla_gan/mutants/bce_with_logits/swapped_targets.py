# wrong: target 1 judged as target 0; hint: Did you swap the roles of target 1 and target 0
# visible check: fails
def bce_with_logits(logits, targets):
    positive = logits.clamp(min=0)
    remainder = torch.log1p(torch.exp(-logits.abs()))
    losses = positive - logits * (1 - targets) + remainder
    return losses.mean()
