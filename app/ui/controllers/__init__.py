"""What happens when somebody acts: signals in, use cases out."""
