# right: recursion over children with a set of what was seen
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
            total += p.nelement()
        return total + sum(walk(child) for child in m.children())

    return walk(module)
