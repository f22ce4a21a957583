# wrong: nested parts are left out; hint: all parts of the module
# visible check: passes
def clip_weights(module, limit=0.01):
    for p in [p for child in module.children() for p in child.parameters(recurse=False)]:
        p.data.clamp_(-limit, limit)
