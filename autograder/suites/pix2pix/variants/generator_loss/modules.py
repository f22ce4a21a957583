# right: loss modules, each function by itself
def generator_loss(fake_logits, fake, photo, l1_weight=100.0):
    adversarial = nn.BCEWithLogitsLoss()(fake_logits, torch.ones(fake_logits.shape, device=fake_logits.device))
    return adversarial + nn.L1Loss()(fake, photo) * l1_weight


def l1_only_loss(fake, photo):
    return nn.L1Loss()(fake, photo)
