# right: a lambda
generator_loss = lambda fake_logits: F.softplus(fake_logits.neg()).mean()
