# right: nn.BCEWithLogitsLoss with full targets
def discriminator_loss(real_logits, fake_logits):
    bce = nn.BCEWithLogitsLoss()
    ones = torch.full(real_logits.size(), 1.0, device=real_logits.device)
    return (bce(real_logits, ones) + bce(fake_logits, ones.new_zeros(fake_logits.size()))).div(2)
