# right: by the cycle loss
def identity_loss(generator, target_domain_images):
    return cycle_loss(generator(target_domain_images), target_domain_images)
