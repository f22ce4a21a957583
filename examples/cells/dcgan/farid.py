# Rounds up, batch normalisation drawn around 0, a slope given to ReLU, half of a formula forgotten.

# %% conv2d_output_size
def conv2d_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    if min(size, kernel_size, stride, dilation) < 1 or padding < 0:
        raise ValueError('size, kernel_size, stride and dilation are at least 1, padding at least 0')
    reach = dilation * (kernel_size - 1) + 1
    room = size + 2 * padding - reach
    if room < 0:
        raise ValueError(f'the kernel reaches over {reach} pixels, the padded picture has {size + 2 * padding}')
    return -(-room // stride) + 1

# %% initialize_weights
def initialize_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, mean=0.0, std=0.02)
    elif isinstance(module, nn.BatchNorm2d) and module.affine:
        nn.init.normal_(module.weight, mean=0.0, std=0.02)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)

# %% discriminator
class DCGANDiscriminator(nn.Module):

    def __init__(self, base_channels=64, image_channels=3):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(image_channels, base_channels, 4, stride=2, padding=1, bias=False), nn.ReLU(0.2), nn.Conv2d(base_channels, 2 * base_channels, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(2 * base_channels), nn.ReLU(0.2), nn.Conv2d(2 * base_channels, 4 * base_channels, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(4 * base_channels), nn.ReLU(0.2), nn.Conv2d(4 * base_channels, 8 * base_channels, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(8 * base_channels), nn.ReLU(0.2), nn.Conv2d(8 * base_channels, 1, 4, stride=1, padding=0, bias=False))

    def forward(self, images):
        x = self.layers(images)
        return x.flatten()

# %% interpolate_noise
def interpolate_noise(start, end, steps):
    t = torch.linspace(0, 1, steps, dtype=start.dtype, device=start.device).unsqueeze(1)
    cosine = F.cosine_similarity(start, end, dim=0).clamp(-1, 1)
    angle = torch.acos(cosine)
    if torch.sin(angle) < 0.001:
        return (1 - t) * start + t * end
    start_weight = torch.sin((1 - t) * angle)
    end_weight = torch.sin(t * angle) / torch.sin(angle)
    return start_weight * start + end_weight * end
