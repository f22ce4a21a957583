# wrong: the generator is trained to be caught; hint: towards the target 0
# visible check: fails
def generator_loss(fake_logits):
    targets = torch.zeros_like(fake_logits)
    return bce_with_logits(fake_logits, targets)
