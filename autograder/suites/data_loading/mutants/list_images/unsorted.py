# wrong: the order of the file system; hint: Are they sorted
# visible check: fails
def list_images(root, split):
    folder = Path(root) / split
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: expected a folder of pictures, found none; is the data where you think?")
    visible = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
    return list(path for path in visible if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
