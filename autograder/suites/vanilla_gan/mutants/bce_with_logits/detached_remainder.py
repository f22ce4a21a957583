# wrong: right values, wrong gradients; hint: Did you detach a part of the formula
# visible check: passes
def bce_with_logits(logits, targets):
    positive = logits.clamp(min=0)
    remainder = torch.log1p(torch.exp(-logits.abs().detach()))
    losses = positive - logits * targets + remainder
    return losses.mean()
