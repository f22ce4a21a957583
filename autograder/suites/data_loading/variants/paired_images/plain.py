# right: plain, arrays straight from Pillow
class PairedImages(Dataset):
    def __init__(self, root, split, transform=None):
        super().__init__()
        self.files, self.transform = list_images(root, split), transform
    def __len__(self):
        return len(self.files)
    def __getitem__(self, i):
        halves = split_pair(normalize_image(np.asarray(Image.open(self.files[i]).convert("RGB"))))
        return tuple(halves) if self.transform is None else tuple(self.transform(*halves))
