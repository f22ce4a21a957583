# right: squares by hand
def adversarial_loss(scores, is_real):
    return ((scores - float(is_real)) ** 2).mean()
