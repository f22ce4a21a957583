# wrong: the minimax loss; hint: Is this the minimax loss
# visible check: fails
generator_loss = lambda fake_logits: -F.softplus(fake_logits).mean()
