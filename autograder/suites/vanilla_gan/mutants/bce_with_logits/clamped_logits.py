# wrong: logits cut at 100 in the products; hint: a clamp, only hides it
# visible check: passes
def bce_with_logits(logits, targets):
    positive = logits.clamp(min=0)
    logits = logits.clamp(-100, 100)
    remainder = torch.log1p(torch.exp(-logits.abs()))
    losses = positive - logits * targets + remainder
    return losses.mean()
