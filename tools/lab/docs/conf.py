# SPDX-License-Identifier: GPL-2.0-only
"""Sphinx, with the kernel's own directive for kernel-doc; run by "lab docs"."""

import os
import sys

sys.path.insert(0, os.path.join(os.environ["LAB_KERNEL"], "Documentation/sphinx"))

project = "vfio_ccw"
version = release = os.environ["LAB_VERSION"]
extensions = ["kerneldoc", "myst_parser"]
# Links of Markdown are to files of the tree, and are looked at by "lab docs".
myst_all_links_external = True
myst_heading_anchors = 3
kerneldoc_bin = os.path.join(os.environ["LAB_KERNEL"], "scripts/kernel-doc")
kerneldoc_srctree = os.environ["LAB_CHECKOUT"]
master_doc = "index"
highlight_language = "none"
primary_domain = "c"
html_theme = "alabaster"
nitpicky = False
c_id_attributes = ["__user", "__rcu"]
