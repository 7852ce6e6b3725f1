"""The page shell: templates, styles and the parts every room uses."""
