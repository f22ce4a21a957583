# wrong: a missing folder looks like an empty one; hint: Look first whether
# visible check: fails
def list_images(root, split):
    folder = Path(root) / split
    if not folder.is_dir():
        return []
    visible = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
    return sorted(path for path in visible if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
