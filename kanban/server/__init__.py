"""The running server and its machine: below HTTP and beside the layers; nothing here knows a card."""
