# wrong: scaled twice; hint: scaled twice
# visible check: fails
class PairedImages(Dataset):
    normalise = staticmethod(transforms.Compose([transforms.ToTensor(), lambda x: x / 255, transforms.Normalize((0.5,) * 3, (0.5,) * 3)]))
    def __init__(self, root, split, transform=None):
        self.root, self.split, self.transform = root, split, transform
    def __len__(self):
        return len(list_images(self.root, self.split))
    def __getitem__(self, index):
        picture = Image.open(list_images(self.root, self.split)[index]).convert("RGB")
        w, h = picture.size
        sketch = self.normalise(picture.crop((0, 0, w // 2, h)))
        photo = self.normalise(picture.crop((w // 2, 0, w, h)))
        if self.transform is None:
            return (sketch, photo)
        return self.transform(sketch, photo)
