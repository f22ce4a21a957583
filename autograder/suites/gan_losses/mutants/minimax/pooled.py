# wrong: one average over both batches; hint: one average over both batches
# visible check: fails
def minimax_discriminator_loss(real_logits, fake_logits):
    return F.softplus(torch.cat([-real_logits, fake_logits])).mean()


minimax_generator_loss = lambda fake_logits: -F.softplus(fake_logits).mean()
