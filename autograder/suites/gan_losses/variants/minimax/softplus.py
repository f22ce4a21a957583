# right: softplus of either sign
def minimax_discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


minimax_generator_loss = lambda fake_logits: -F.softplus(fake_logits).mean()
