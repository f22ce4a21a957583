# right: walk one level, a regular expression, resolved paths
import re
def list_images(root, split):
    root = Path(root).resolve()
    for folder, _, names in os.walk(root / split):
        return [Path(folder) / n for n in sorted(names) if re.fullmatch(r"[^.].*\.(jpe?g|png)", n, re.IGNORECASE)]
    raise FileNotFoundError(f"there is no folder {split} in {root}")
