# wrong: mirrored; hint: Is the photo mirrored
# visible check: passes
def folder_dataset(root, image_size):
    steps = [
        transforms.Resize(image_size),
        transforms.CenterCrop(image_size), transforms.RandomHorizontalFlip(p=1),
        transforms.ToTensor(),
        transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    ]
    return datasets.ImageFolder(root, transform=transforms.Compose(steps))
