# wrong: transformed once for all, and again; hint: Does transform get
# visible check: fails
class PairedImages(Dataset):
    def __init__(self, root, split, transform=None):
        self.transform = transform
        self.pairs = []
        for path in list_images(root, split):
            rgb = np.array(Image.open(path).convert("RGB"))
            self.pairs.append(split_pair(normalize_image(rgb)) if not transform else transform(*split_pair(normalize_image(rgb))))
    def __len__(self):
        return len(self.pairs)
    def __getitem__(self, index):
        sketch, photo = self.pairs[index]
        if self.transform:
            sketch, photo = self.transform(sketch, photo)
        return sketch, photo
