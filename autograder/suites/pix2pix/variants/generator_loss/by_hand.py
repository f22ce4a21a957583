# right: softplus and absolute values, photo detached
def l1_only_loss(fake, photo):
    return torch.mean(torch.abs(photo.detach() - fake))


def generator_loss(fake_logits, fake, photo, l1_weight=100.0):
    return F.softplus(-fake_logits).mean() + l1_weight * l1_only_loss(fake, photo)
