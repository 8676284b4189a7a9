"""The models on this computer. Qt-free."""
