# right: os.scandir, a set, a tuple sorted by name
def list_images(root, split):
    place = Path(root, split)
    if not place.exists() or not place.is_dir():
        raise FileNotFoundError(2, "not a folder", str(place))
    with os.scandir(place) as entries:
        names = {e.name for e in entries if e.is_file() and not e.name.startswith(".")}
    kept = [n for n in names if os.path.splitext(n)[1].lower() in {".png", ".jpg", ".jpeg"}]
    return [place / n for n in sorted(kept)]
