# wrong: infinite for a discriminator that sees through every fake; hint: rounded to 0 or 1
# visible check: passes
def generator_loss(fake_logits):
    return -torch.log(torch.sigmoid(fake_logits)).mean()
