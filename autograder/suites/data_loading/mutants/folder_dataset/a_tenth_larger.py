# wrong: resized to more than what is cut out; hint: Is the shorter side resized to image_size
# visible check: passes
def folder_dataset(root, image_size):
    steps = [
        transforms.Resize(int(1.1 * image_size)),
        transforms.CenterCrop(image_size),
        transforms.ToTensor(),
        transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    ]
    return datasets.ImageFolder(root, transform=transforms.Compose(steps))
