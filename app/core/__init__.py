"""What a transcript is: values and rules, with no Qt and no input or output."""
