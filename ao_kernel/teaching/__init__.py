"""What teachers ask of cells and of readers' processes: expectations, exercises, and whether they hold. Pure rules."""
