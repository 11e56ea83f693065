"""What a run says about where it came from: providers of tags, built in and from plugins."""
