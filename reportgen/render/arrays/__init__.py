"""What readers see of functions of whole arrays: their matrix, figures, sentences and function pages."""
