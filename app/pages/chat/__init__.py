"""The chat page: transcript, composer, and the controller that holds the conversation."""
