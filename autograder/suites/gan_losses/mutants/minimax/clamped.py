# wrong: no gradient where the generator is caught or has won; hint: rounded to 0 or 1
# visible check: passes
def minimax_discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


minimax_generator_loss = lambda fake_logits: -F.softplus(fake_logits.clamp(-300, 300)).mean()
