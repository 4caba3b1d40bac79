"""How long the work takes and how many queries the pages make, measured on this computer when asked."""
