# wrong: a loss of shape (1,); hint: scalar of shape ()
# visible check: fails
def bce_with_logits(logits, targets):
    positive = logits.clamp(min=0)
    remainder = torch.log1p(torch.exp(-logits.abs()))
    losses = positive - logits * targets + remainder
    return losses.mean(dim=0, keepdim=True)
