"""Objects turned into files of a run: images, figures, tables, documents, histograms, sound and film."""
