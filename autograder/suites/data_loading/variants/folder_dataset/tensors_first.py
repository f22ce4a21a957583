# right: ToTensor first, then resize, antialiased
def folder_dataset(root, image_size):
    return datasets.ImageFolder(str(root), transform=transforms.Compose([
        transforms.ToTensor(),
        transforms.Resize(image_size, antialias=True),
        transforms.CenterCrop((image_size, image_size)),
        transforms.Lambda(lambda x: x * 2 - 1),
    ]))
