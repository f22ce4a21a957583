# right: the maximum taken out by hand
def generator_loss(fake_logits):
    size = fake_logits.abs()
    return ((size - fake_logits) / 2 + torch.exp(-size).log1p()).mean()
