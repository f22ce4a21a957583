# wrong: a float; hint: Is the result a whole number
# visible check: fails
def receptive_field(layers):
    field = 1.0
    spacing = 1
    for kernel_size, stride in layers:
        field += (kernel_size - 1) * spacing
        spacing *= stride
    return field
