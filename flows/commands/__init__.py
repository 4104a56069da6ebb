"""The commands of ``wirewatch`` by who uses them; ``flows.cli`` puts them together."""
