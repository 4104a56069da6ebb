"""How outlets are doing: figures by SQL, held against promises and history, as states that are kept and told."""
