# right: nn.L1Loss, the images detached
def identity_loss(generator, target_domain_images):
    images = target_domain_images.detach()
    return nn.L1Loss()(generator(images), images)
