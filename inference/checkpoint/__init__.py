"""Files to tensors: headers that are checked before they are believed, weights that stay mapped."""
