"""What any page needs, without widgets: answers, controls, tabs, tiles, links."""
