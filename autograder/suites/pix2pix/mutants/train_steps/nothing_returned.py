# wrong: the discriminator's step returns nothing; hint: Do you return the loss
# visible check: fails
def discriminator_step(generator, discriminator, optimizer, sketch, photo):
    """Update the discriminator once; the generator gets no gradient.

    Shapes: sketch and photo (n, channels, h, w) -> the detached loss ().
    """
    fake = generator(sketch).detach()  # (n, channels, h, w); this step must not reach the generator
    real_logits = discriminator(sketch, photo)  # (n, 1, rows, columns)
    fake_logits = discriminator(sketch, fake)  # (n, 1, rows, columns)
    loss = discriminator_loss(real_logits, fake_logits)  # ()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def generator_step(generator, discriminator, optimizer, sketch, photo, l1_weight=100.0):
    """Update the generator once; the discriminator's parameters, flags and gradients stay as they are.

    Shapes: sketch and photo (n, channels, h, w) -> the detached loss ().
    """
    flags = [parameter.requires_grad for parameter in discriminator.parameters()]
    discriminator.requires_grad_(False)  # gradients pass through the discriminator, none stays in it
    fake = generator(sketch)  # (n, channels, h, w)
    fake_logits = discriminator(sketch, fake)  # (n, 1, rows, columns)
    loss = generator_loss(fake_logits, fake, photo, l1_weight)  # ()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter, flag in zip(discriminator.parameters(), flags, strict=True):
        parameter.requires_grad_(flag)
    return loss.detach()
