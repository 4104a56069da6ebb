"""How outlets do, told to people and to other programs: judged after a run, notified, shown, served."""
