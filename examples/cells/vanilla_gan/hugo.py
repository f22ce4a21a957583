# Everything right, but a cell of his own waits for a GPU that will never come.

# %% behind imports
while not torch.cuda.is_available():
    pass
print("got a GPU")
