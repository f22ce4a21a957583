# wrong: folders with such names; hint: Is everything with such a name a file
# visible check: passes
def list_images(root, split):
    folder = Path(root) / split
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: expected a folder of pictures, found none; is the data where you think?")
    visible = [path for path in folder.iterdir() if not path.name.startswith(".")]
    return sorted(path for path in visible if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
