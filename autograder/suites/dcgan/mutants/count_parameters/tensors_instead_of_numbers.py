# wrong: counts tensors; hint: the numbers in them
# visible check: fails
def count_parameters(module, trainable_only=True):
    seen = set()

    def walk(m):
        total = 0
        for p in m._parameters.values():
            if p is None or p in seen:
                continue
            seen.add(p)
            if trainable_only and not p.requires_grad:
                continue
            total += 1
        return total + sum(walk(child) for child in m.children())

    return walk(module)
