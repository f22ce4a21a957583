# right: transforms.v2
from torchvision.transforms import v2
def folder_dataset(root, image_size):
    steps = v2.Compose([
        v2.ToImage(),
        v2.Resize(size=image_size, antialias=True),
        v2.CenterCrop(size=image_size),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize(mean=[0.5, 0.5, 0.5], std=[0.5, 0.5, 0.5]),
    ])
    return datasets.ImageFolder(root=root, transform=steps)
