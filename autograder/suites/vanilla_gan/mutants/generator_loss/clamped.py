# wrong: no gradient where it is needed most; hint: clamp
# visible check: passes
def generator_loss(fake_logits):
    targets = torch.ones_like(fake_logits)
    fake_logits = fake_logits.clamp(-50, 50)
    return bce_with_logits(fake_logits, targets)
