"""What stands in the chat's place while its history is not open, and the dialog about it."""
