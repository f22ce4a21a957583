# right: glob relative to the folder, a pattern for each ending
def list_images(root, split):
    folder = Path(root).joinpath(split)
    if not folder.is_dir():
        raise FileNotFoundError(folder.as_posix())
    patterns = ("*.[jJ][pP][gG]", "*.[jJ][pP][eE][gG]", "*.[pP][nN][gG]")
    paths = [p for pattern in patterns for p in folder.glob(pattern)]
    return sorted((p for p in paths if p.is_file() and not p.name.startswith(".")), key=lambda p: p.name)
