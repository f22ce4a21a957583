# wrong: a name that ends in png without a dot; hint: does the dot belong to them
# visible check: passes
def list_images(root, split):
    folder = os.path.join(root, split)
    if not os.path.isdir(folder):
        raise FileNotFoundError("no such folder: " + folder)
    found = []
    for name in sorted(os.listdir(folder)):
        full = os.path.join(folder, name)
        if name.lower().endswith(("jpg", "jpeg", "png")) and name[0] != "." and os.path.isfile(full):
            found.append(Path(full))
    return found
