"""How the documentation is built."""

project = "Openroads"
author = "The Openroads founders"
copyright = "2026, The Openroads founders"
extensions = ["myst_parser"]
myst_enable_extensions = ["deflist", "colon_fence", "dollarmath"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "Openroads"
exclude_patterns = ["_build"]
nitpicky = True
