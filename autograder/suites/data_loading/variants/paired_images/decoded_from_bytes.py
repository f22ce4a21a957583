# right: bytes read first, keyword arguments for the transform
class PairedImages(Dataset):
    def __init__(self, root, split, transform=None):
        self.paths = [str(p) for p in list_images(root, split)]
        self.transform = transform
    def __len__(self): return self.paths.__len__()
    def load(self, path):
        with open(path, "rb") as file:
            rgb = Image.open(io.BytesIO(file.read())).convert(mode="RGB")
        return normalize_image(np.array(rgb, dtype=np.uint8))
    def __getitem__(self, index):
        s, p = split_pair(self.load(self.paths[index]))
        s, p = s.contiguous(), p.contiguous()
        if self.transform is not None:
            s, p = self.transform(sketch=s, photo=p)
        return s, p
