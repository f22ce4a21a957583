# wrong: every weight goes to the limit; hint: within the limits stay
# visible check: fails
def clip_weights(module, limit=0.01):
    for p in module.parameters():
        p.data.sign_().mul_(limit)
