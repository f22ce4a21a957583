# wrong: the shorter side is one pixel too long; hint: Is the shorter side resized to image_size
# visible check: passes
def folder_dataset(root, image_size):
    steps = [
        transforms.Resize(image_size + 1),
        transforms.CenterCrop(image_size),
        transforms.ToTensor(),
        transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    ]
    return datasets.ImageFolder(root, transform=transforms.Compose(steps))
