# wrong: real pictures and fakes in one batch; hint: Are there two calls of the discriminator
# visible check: fails
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    optimizer.zero_grad()
    loss = discriminator_loss(*discriminator(torch.cat([real, generator(noise, labels)]), torch.cat([labels, labels])).chunk(2))
    loss.backward(inputs=[p for group in optimizer.param_groups for p in group["params"]])
    optimizer.step()
    return loss.detach().cpu().numpy().item()
