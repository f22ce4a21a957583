# right: lambdas, an average for each image, then over the images
reconstruction_error = lambda images, reconstructed: (reconstructed - images).abs().flatten(1).mean(1).mean(0)
began_discriminator_loss = lambda real_error, fake_error, k: torch.sub(real_error, fake_error, alpha=k)
began_generator_loss = lambda fake_error: fake_error
