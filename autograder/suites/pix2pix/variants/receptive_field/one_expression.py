# right: one expression, NumPy for the products
def receptive_field(layers):
    strides = [stride for _, stride in layers]
    return 1 + sum((kernel - 1) * int(np.prod(strides[:i])) for i, (kernel, _) in enumerate(layers))
