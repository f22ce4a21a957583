# wrong: a random place; hint: Is the middle cut out, or a random place
# visible check: fails
def folder_dataset(root, image_size):
    steps = [
        transforms.Resize(image_size),
        transforms.RandomCrop(image_size),
        transforms.ToTensor(),
        transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    ]
    return datasets.ImageFolder(root, transform=transforms.Compose(steps))
