# wrong: a folder without pictures is an error; hint: empty, not missing
# visible check: passes
def list_images(root, split):
    folder = Path(root) / split
    if not folder.is_dir() or not any(path.suffix.lower() in (".jpg", ".jpeg", ".png") for path in folder.iterdir()):
        raise FileNotFoundError(f"{folder}: expected a folder of pictures, found none; is the data where you think?")
    visible = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
    return sorted(path for path in visible if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
