# right: the fakes copied into a tensor of their own
def discriminator_objective(discriminator, real, fake):
    with torch.no_grad():
        cut = fake.clone()
    return (adversarial_loss(discriminator(real), is_real=True) + adversarial_loss(discriminator(cut), is_real=False)).div(2)
