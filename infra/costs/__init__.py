"""What a stage costs: measured units and CPU, times a price list; in whole amounts of money."""
