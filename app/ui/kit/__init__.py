"""What the rooms share: looks, fields, sheets and notices; knows no feature."""
