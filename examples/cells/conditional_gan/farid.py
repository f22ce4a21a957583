# Fakes for other labels, noise of its own for every picture of the grid, the share in percent.

# %% discriminator_step
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    others = labels.flip(0)
    fake = generator(noise, others).detach()
    loss = discriminator_loss(discriminator(real, labels), discriminator(fake, labels))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()

# %% class_grid
def class_grid(generator, *, noise_dim, classes, columns, rng=None):
    labels = torch.arange(classes).repeat_interleave(columns)
    noise = torch.randn(classes * columns, noise_dim, generator=rng)
    training = generator.training
    generator.eval()
    with torch.no_grad():
        images = generator(noise, labels)
    generator.train(training)
    return images

# %% class_accuracy
def class_accuracy(generator, classifier, *, noise_dim, classes, samples, rng=None):
    labels = torch.arange(classes).repeat_interleave(samples)
    noise = torch.randn(classes * samples, noise_dim, generator=rng)
    modes = generator.training, classifier.training
    generator.eval()
    classifier.eval()
    with torch.no_grad():
        guesses = classifier(generator(noise, labels)).argmax(1)
    generator.train(modes[0])
    classifier.train(modes[1])
    return 100.0 * (guesses == labels).float().mean().item()
