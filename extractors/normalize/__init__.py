"""Raw values into the forms that the warehouse keeps: URLs, times, titles, names, languages, texts; pure functions."""
