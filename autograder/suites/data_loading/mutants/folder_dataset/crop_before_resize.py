# wrong: cut out before it is resized; hint: Is the shorter side resized
# visible check: passes
def folder_dataset(root, image_size):
    steps = [
        transforms.CenterCrop(image_size), transforms.Resize(image_size),
        transforms.CenterCrop(image_size),
        transforms.ToTensor(),
        transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    ]
    return datasets.ImageFolder(root, transform=transforms.Compose(steps))
