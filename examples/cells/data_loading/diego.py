# The traps of the text, one after the other: the range [0, 1], the order of the file system, halves swapped, photos squeezed.
# The data set of pairs uses three of them, and is not charged for them again.

# %% normalize_image
def normalize_image(image):
    pixels = image.astype(np.float32) / 255
    if pixels.ndim == 2:
        pixels = pixels[:, :, np.newaxis]
    return torch.from_numpy(pixels).permute(2, 0, 1)

# %% list_images
def list_images(root, split):
    folder = Path(root) / split
    if not folder.is_dir():
        raise FileNotFoundError(f'{folder}: expected a folder of pictures, found none; is the data where you think?')
    visible = [path for path in folder.iterdir() if path.is_file() and (not path.name.startswith('.'))]
    return [path for path in visible if path.suffix.lower() in ('.jpg', '.jpeg', '.png')]

# %% split_pair
def split_pair(pair):
    width = pair.shape[2]
    if width % 2 == 1:
        raise ValueError(f'split_pair: expected an even width, got {width} pixels; is this file a pair?')
    half = width // 2
    return (pair[:, :, half:], pair[:, :, :half])

# %% folder_dataset
def folder_dataset(root, image_size):
    steps = [transforms.Resize((image_size, image_size)), transforms.CenterCrop(image_size), transforms.ToTensor(), transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))]
    return datasets.ImageFolder(root, transform=transforms.Compose(steps))
