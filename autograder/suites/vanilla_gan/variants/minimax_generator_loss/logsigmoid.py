# right: log(1 - D) as logsigmoid of the negative logit
def minimax_generator_loss(fake_logits):
    return F.logsigmoid(-fake_logits).mean()
