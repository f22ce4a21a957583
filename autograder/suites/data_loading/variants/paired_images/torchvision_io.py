# right: decoded by torchvision, nothing of one's own used
import torchvision
class PairedImages(torch.utils.data.Dataset):
    def __init__(self, root, split, transform=None):
        folder = Path(root) / split
        self.names = sorted(n for n in os.listdir(folder) if n.lower().endswith((".png", ".jpg", ".jpeg")))
        self.folder = folder
        self.transform = transform if transform else lambda a, b: (a, b)
    def __len__(self):
        return len(self.names)
    def __getitem__(self, index):
        pixels = torchvision.io.read_image(str(self.folder / self.names[index]), torchvision.io.ImageReadMode.RGB)
        x, y = (pixels.float() / 127.5 - 1).chunk(2, dim=2)
        x, y = self.transform(x, y)
        return x, y
