# right: absolute values by hand
def identity_loss(generator, target_domain_images):
    same = generator(target_domain_images)
    return torch.mean(torch.abs(target_domain_images - same))
