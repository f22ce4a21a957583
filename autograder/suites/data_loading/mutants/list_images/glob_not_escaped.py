# wrong: [ in the root is a pattern; hint: Is root taken for a pattern
# visible check: passes
def list_images(root, split):
    folder = os.path.join(str(root), split)
    if not os.path.isdir(folder):
        raise FileNotFoundError(f"{folder} is not there")
    paths = [Path(p) for p in glob.glob(os.path.join(folder, "*"))]
    return sorted(p for p in paths if p.is_file() and p.suffix.lower() in [".jpg", ".jpeg", ".png"])
